//! Every statement of the store is one that both engines take.

use hearback::store::{self, Pools};
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

#[test]
fn few_statements_need_a_text_of_their_own_on_each_engine() {
    let statements = store::statements();
    let two: Vec<&str> = statements.iter().filter(|one| one.sqlite != one.postgres).map(|one| one.name).collect();
    assert!(two.len() <= 12, "{two:?}");
    assert!(statements.len() > 100, "they are listed");
}
