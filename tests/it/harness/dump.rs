//! Everything that a server remembers, as text, so that two moments can be compared.

use hearback::store::Pools;
use sqlx::{AssertSqlSafe, SqlitePool};

use super::Server;

/// When somebody was there last changes by being there.
const PRESENCE: &[&str] = &["last_seen_at", "last_used_at", "checked_at"];

impl Server {
    /// Every row of every table, but for when somebody was seen last and how far the index for searching has come.
    pub async fn dump(&self) -> Vec<String> {
        self.rows(PRESENCE).await
    }

    /// As [`Server::dump`], and when somebody was seen last.
    pub async fn dump_with_presence(&self) -> Vec<String> {
        self.rows(&[]).await
    }

    async fn rows(&self, without: &[&str]) -> Vec<String> {
        let Pools::Sqlite { readers, .. } = self.app().store.pools() else { panic!("on SQLite") };
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%' \
                      AND name NOT LIKE 'sqlite%' ORDER BY name";
        let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(readers).await.unwrap();
        let mut rows = Vec::new();
        for (table,) in tables {
            rows.extend(rows_of(readers, &table, without).await);
        }
        rows
    }
}

async fn rows_of(readers: &SqlitePool, table: &str, without: &[&str]) -> Vec<String> {
    let columns = "SELECT name FROM pragma_table_info($1) ORDER BY cid";
    let columns: Vec<(String,)> = sqlx::query_as(columns).bind(table).fetch_all(readers).await.unwrap();
    let columns = columns.iter().filter(|(column,)| !without.contains(&column.as_str()));
    let columns: Vec<String> = columns.map(|(column,)| format!("quote({column})")).collect();
    let sql = format!("SELECT {} FROM {table} ORDER BY 1", columns.join(" || ', ' || "));
    let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(readers).await.unwrap();
    rows.into_iter().map(|(row,)| format!("{table}: {row}")).collect()
}

/// What is different between two moments.
pub fn difference(before: &[String], after: &[String]) -> Vec<String> {
    let gone = before.iter().filter(|row| !after.contains(row)).map(|row| format!("- {row:.300}"));
    let new = after.iter().filter(|row| !before.contains(row)).map(|row| format!("+ {row:.300}"));
    gone.chain(new).collect()
}
