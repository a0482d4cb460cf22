//! On a grown PostgreSQL database a search reads the index and not the table.

use hearback::store::{Pools, statements};
use sqlx::{AssertSqlSafe, PgPool, Row};

use crate::harness::{Hall, Tenant};

/// Candidates with a conversation and a message each.
const GROWN: u32 = 20_000;

/// Rows as the server would have written and indexed them.
async fn grow(pool: &PgPool, acme: &Tenant) {
    let (organization, project) = (acme.organization.id, acme.project.id);
    let id = |kind: u32| format!("CAST('0190000{kind}-0000-7000-8000-' || LPAD(TO_HEX(n), 12, '0') AS UUID)");
    let terms = |text: &str| format!("ARRAY_TO_TSVECTOR(STRING_TO_ARRAY({text}, ' '))");
    let (candidate, conversation, message) = (id(1), id(2), id(3));
    let (name, body) = ("'person number' || n", "'needle' || n || ' in the hay'");
    let columns = "last_seq, last_note_seq, handled_seq, candidate_read_seq, team_read_seq, created_at";
    for sql in [
        format!(
            "INSERT INTO candidates (id, organization_id, name, created_at, search) \
             SELECT {candidate}, '{organization}', {name}, n, {} FROM GENERATE_SERIES(1, {GROWN}) AS n",
            terms(name)
        ),
        format!(
            "INSERT INTO conversations (id, organization_id, project_id, candidate_id, status, priority, {columns}) \
             SELECT {conversation}, '{organization}', '{project}', {candidate}, 'open', 'normal', 1, 0, 0, 0, 0, n \
             FROM GENERATE_SERIES(1, {GROWN}) AS n"
        ),
        format!(
            "INSERT INTO messages (id, organization_id, conversation_id, seq, kind, author_kind, author_id, \
             author_name, body, client_id, created_at, search) \
             SELECT {message}, '{organization}', {conversation}, 1, 'text', 'candidate', {candidate}, 'x', {body}, \
             {message}, n, {} FROM GENERATE_SERIES(1, {GROWN}) AS n",
            terms(body)
        ),
        "VACUUM ANALYZE".to_owned(),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_on_a_grown_postgresql_reads_no_whole_table() {
    let hall = Hall::postgres().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let Pools::Postgres(pool) = &hall.pools else { panic!("on PostgreSQL") };
    grow(pool, &acme).await;
    let mut conn = pool.acquire().await.unwrap();
    for (search, table, query) in [
        ("SEARCH_MESSAGES", "messages", "(('needle4711'))"),
        ("SEARCH_MESSAGES", "messages", "(('needle471':*))"),
        ("SEARCH_CANDIDATES", "candidates", "(('number4711'))"),
        ("SEARCH_CANDIDATES", "candidates", "(('person') | ('☎4711')) & (('number471':*))"),
    ] {
        let sql = statements().into_iter().find(|statement| statement.name == search).unwrap().postgres;
        let sql = sql.to_owned();
        sqlx::raw_sql(AssertSqlSafe(format!("PREPARE search (UUID, UUID, TEXT, BIGINT) AS {sql}")))
            .execute(&mut *conn)
            .await
            .unwrap();
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let set = format!("SET plan_cache_mode = {mode}");
            sqlx::raw_sql(AssertSqlSafe(set)).execute(&mut *conn).await.unwrap();
            let values = format!("'{}', '{}', $q${query}$q$, 50", acme.organization.id, acme.viewer.id);
            let explain = format!("EXPLAIN EXECUTE search ({values})");
            let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut *conn).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            let plan = plan.join("\n");
            assert!(plan.contains(&format!("Bitmap Index Scan on {table}_search")), "{search} {query} {mode}:\n{plan}");
            assert!(!plan.contains(&format!("Seq Scan on {table}")), "{search} {query} {mode}:\n{plan}");
        }
        sqlx::raw_sql("DEALLOCATE search").execute(&mut *conn).await.unwrap();
    }
}
