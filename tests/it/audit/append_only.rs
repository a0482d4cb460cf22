//! What is told stays told: neither by a statement nor by the end of an organization does it go. And what cannot be told
//! does not happen.

use hearback::{
    app::{candidates, members, organizations, projects},
    domain::{access::Operator, audit::Action, user::Role},
    store::Pools,
};

use sqlx::{Connection, SqliteConnection};

use super::everything;
use crate::harness::{Hall, Tenant, tenant::name};

/// How many rows a statement changed, said by somebody who has the database's file or address.
async fn say(hall: &Hall, sql: &'static str) -> Result<u64, String> {
    let done = match &hall.pools {
        // The pool's one connection that writes is the committer's.
        Pools::Sqlite { writer, .. } => {
            let mut own = SqliteConnection::connect_with(&writer.connect_options()).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut own).await.map(|done| done.rows_affected())
        }
        Pools::Postgres(pool) => sqlx::raw_sql(sql).execute(pool).await.map(|done| done.rows_affected()),
    };
    done.map_err(|error| error.to_string())
}

async fn stays(hall: Hall, more: &[&'static str]) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    organizations::remove(app, Operator::command_line(), acme.organization.id).await.unwrap();
    let before = everything(app).await;
    let update = "UPDATE audit_entries SET actor_name = 'Nobody'";
    let one = "UPDATE audit_entries SET created_at = 0 WHERE action = 'member.added'";
    let copy = "INSERT INTO audit_entries SELECT * FROM audit_entries";
    let deletes = ["DELETE FROM audit_entries", "DELETE FROM audit_entries WHERE action = 'organization.removed'"];
    for sql in [update].iter().chain(&deletes).chain(more).copied() {
        let refusal = say(&hall, sql).await.expect_err(sql);
        assert!(refusal.contains("the audit log is append-only"), "{sql}: {refusal}");
    }
    say(&hall, copy).await.expect_err("the ids are there already");
    assert_eq!(say(&hall, one).await, Ok(0), "where there is no such row, there is nothing to refuse");
    let after = everything(app).await;
    assert_eq!(format!("{after:?}"), format!("{before:?}"));

    let last = after.last().unwrap();
    assert_eq!(last.action, Action::OrganizationRemoved);
    assert_eq!(last.organization.as_ref().unwrap().1.as_ref().unwrap().as_str(), "acme");
    assert!(after.iter().filter(|entry| entry.organization.is_some()).count() > 5, "what happened in it is still told");
}

#[tokio::test]
async fn nothing_that_is_told_is_changed_or_taken_away_on_sqlite() {
    let replace = "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries";
    let upsert = "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE true \
                  ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'";
    stays(Hall::sqlite().await, &[replace, upsert]).await;
}

#[tokio::test]
async fn nothing_that_is_told_is_changed_or_taken_away_on_postgresql() {
    let upsert = "INSERT INTO audit_entries SELECT * FROM audit_entries \
                  ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'";
    stays(Hall::postgres().await, &["TRUNCATE audit_entries", upsert]).await;
}

async fn happens_with_its_entry_or_not_at_all(hall: Hall, refuse: &'static str) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let (by, project) = (&acme.owner.actor, acme.project.id);
    projects::rename(app, by, project, name("Baker")).await.expect("it would happen");
    say(&hall, refuse).await.unwrap();
    let before = everything(app).await.len();
    projects::rename(app, by, project, name("Cook")).await.expect_err("not told");
    members::set_role(app, by, acme.viewer.id, Role::Owner).await.expect_err("not told");
    candidates::export(app, by, acme.chat.added.candidate.id).await.expect_err("not told, not handed out");
    candidates::erase(app, by, acme.chat.added.candidate.id).await.expect_err("not told");
    assert_eq!(&*projects::find(app, by, project).await.unwrap().name, "Baker");
    let members = members::list(app, by).await.unwrap();
    assert!(members.iter().any(|member| member.id == acme.viewer.id && member.role == Role::Viewer));
    candidates::facts(app, by, acme.chat.added.candidate.id).await.expect("still there");
    assert_eq!(everything(app).await.len(), before);
}

#[tokio::test]
async fn what_cannot_be_told_does_not_happen_on_sqlite() {
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'not today'); END";
    happens_with_its_entry_or_not_at_all(Hall::sqlite().await, refuse).await;
}

#[tokio::test]
async fn what_cannot_be_told_does_not_happen_on_postgresql() {
    let refuse =
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse()";
    happens_with_its_entry_or_not_at_all(Hall::postgres().await, refuse).await;
}
