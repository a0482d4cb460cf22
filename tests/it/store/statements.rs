//! Every statement of the store is one that both engines take.

use hearback::store::{self, Pools, statement::Statement};
use sqlx::{Executor, SqlStr};

use crate::harness::Hall;

async fn refused_by(hall: &Hall, texts: Vec<(&'static str, &'static str)>) -> Vec<String> {
    let mut refused = Vec::new();
    for (name, text) in texts {
        let outcome = match &hall.pools {
            Pools::Sqlite { writer, .. } => {
                writer.acquire().await.unwrap().prepare(SqlStr::from_static(text)).await.map(drop)
            }
            Pools::Postgres(pool) => pool.acquire().await.unwrap().prepare(SqlStr::from_static(text)).await.map(drop),
        };
        if let Err(error) = outcome {
            refused.push(format!("{name}: {error}"));
        }
    }
    refused
}

#[tokio::test]
async fn every_statement_is_prepared_by_sqlite() {
    let hall = Hall::sqlite().await;
    assert_eq!(refused_by(&hall, vec![("bad", "SELECT colour FROM users")]).await.len(), 1, "it can fail");
    let texts = store::statements().iter().map(|statement| (statement.name, statement.sqlite)).collect();
    assert_eq!(refused_by(&hall, texts).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_statement_is_prepared_by_postgresql() {
    let hall = Hall::postgres().await;
    assert_eq!(refused_by(&hall, vec![("bad", "SELECT colour FROM users")]).await.len(), 1, "it can fail");
    let texts = store::statements().iter().map(|statement| (statement.name, statement.postgres)).collect();
    assert_eq!(refused_by(&hall, texts).await, Vec::<String>::new());
}

/// What may be read whole: tables in which nothing gathers as people write, by the names they have in the statements, and
/// a statement's own results.
const FEW: [&str; 21] = [
    "o",
    "users",
    "u",
    "sessions",
    "s",
    "one_time_links",
    "project_members",
    "conversation_reads",
    "notices",
    "examples_begun",
    "candidate_sessions",
    "used",
    "expired",
    "overdue",
    "found",
    // Some each year, forgotten after a quarter.
    "alerts",
    // One for each process.
    "servers",
    // Some rows for each project.
    "counted",
    // The newest first, until one is a candidate's.
    "newest",
    // As many as are put into the index of the search at once.
    "fresh",
    "outdated",
];

/// Statements that may read everything, since they are about everything or never run as SQLite plans them here.
const WHOLE: [&str; 8] = [
    // The export is of a whole organization.
    "MESSAGES",
    "NOTES",
    "ANNOUNCEMENTS",
    "CHAT_LINKS",
    "QUEUE",
    // Takes away an example that was broken off.
    "DELETE_ORGANIZATION",
    // The scan is for rows whose parent is missing; SQLite jumps over it where there are none.
    "INSERT_CONVERSATION",
    // For nodes that were cut off from the others; there are no others on SQLite.
    "CHANGED_SINCE",
];

/// The tables that SQLite would read from one end to the other.
async fn scans(hall: &Hall, text: &'static str) -> Vec<String> {
    let Pools::Sqlite { writer, .. } = &hall.pools else { panic!("on SQLite") };
    let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan).fetch_all(writer).await.unwrap();
    let read = steps.into_iter().filter_map(|(.., step)| step.strip_prefix("SCAN ").map(str::to_owned));
    read.filter(|step| !step.contains("VIRTUAL TABLE") && !step.starts_with("CONSTANT ROW"))
        .filter(|step| !FEW.contains(&step.split(' ').next().unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn no_statement_reads_a_table_from_one_end_to_the_other() {
    let hall = Hall::sqlite().await;
    assert_eq!(scans(&hall, "SELECT body FROM messages").await.len(), 1, "it can fail");
    let mut found = Vec::new();
    for statement in store::statements().iter().filter(|statement| !WHOLE.contains(&statement.name)) {
        found
            .extend(scans(&hall, statement.sqlite).await.into_iter().map(|scan| format!("{}: {scan}", statement.name)));
    }
    assert_eq!(found, Vec::<String>::new());
    for whole in ["DELETE FROM candidates WHERE id = $1", "DELETE FROM conversations WHERE id = $1"] {
        assert_eq!(scans(&hall, whole).await, Vec::<String>::new(), "{whole}");
    }
}

#[test]
fn few_statements_need_a_text_of_their_own_on_each_engine() {
    let statements = store::statements();
    // Each engine has a full-text index of its own.
    let of_search = [store::search::STATEMENTS, store::search::INDEX_STATEMENTS].concat();
    // A lock on the rows that are read is no text of its own: on SQLite one transaction writes at a time.
    let is_locked =
        |one: &&Statement| one.postgres.strip_prefix(one.sqlite).is_some_and(|end| end.starts_with(" FOR "));
    let differ = statements.iter().filter(|one| one.sqlite != one.postgres && !is_locked(one));
    let two = differ.map(|one| one.name);
    let two: Vec<&str> = two.filter(|name| of_search.iter().all(|one| one.name != *name)).collect();
    assert!(two.len() <= 3, "{two:?}");
    assert!(statements.len() > 100, "they are listed");
}
