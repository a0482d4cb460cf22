//! A migration that breaks off leaves the old or the new, never half, and the next start goes through.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use hearback::store::Pools;
use sqlx::sqlite::SqliteConnectOptions;

use super::number_of;
use crate::{
    crash::dice::Dice,
    harness::{postgres::Postgres, program::done},
};

/// What each migration makes, in order: its number and the names of tables and indexes.
fn made(engine: &str) -> Vec<(i64, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let name = |line: &str| {
        let kinds = ["CREATE TABLE ", "CREATE VIRTUAL TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "];
        let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
        rest.split([' ', '(']).next().map(str::to_owned)
    };
    let read = |path: &std::path::PathBuf| {
        let number = path.file_name().unwrap().to_str().unwrap().split('_').next().unwrap().parse().unwrap();
        (number, fs::read_to_string(path).unwrap().lines().filter_map(name).collect())
    };
    files.iter().map(read).collect()
}

/// Each migration is there as a whole or not at all.
fn assert_never_half(engine: &str, there: &BTreeSet<String>, done: &BTreeSet<i64>) {
    for (number, names) in made(engine) {
        for name in names {
            assert_eq!(there.contains(&name), done.contains(&number), "{name} of migration {number}");
        }
    }
}

async fn assert_never_half_in(pools: &Pools, engine: &str, trap: &str) {
    let (names, numbers): (Vec<(String,)>, Vec<(i64,)>) = match pools {
        Pools::Sqlite { writer, .. } => (
            sqlx::query_as("SELECT name FROM sqlite_master").fetch_all(writer).await.unwrap(),
            sqlx::query_as("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(writer).await.unwrap(),
        ),
        Pools::Postgres(pool) => (
            sqlx::query_as("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace")
                .fetch_all(pool)
                .await
                .unwrap(),
            sqlx::query_as("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(pool).await.unwrap(),
        ),
    };
    let there = names.into_iter().map(|(name,)| name).filter(|name| name != trap).collect();
    assert_never_half(engine, &there, &numbers.into_iter().map(|(number,)| number).collect());
}

async fn run(pools: &Pools, sql: &'static str, name: &str) {
    let sql = sqlx::AssertSqlSafe(sql.replace('?', name));
    match pools {
        Pools::Sqlite { writer, .. } => drop(sqlx::raw_sql(sql).execute(writer).await.unwrap()),
        Pools::Postgres(pool) => drop(sqlx::raw_sql(sql).execute(pool).await.unwrap()),
    }
}

/// Breaks off at that statement: what it would make stands in its way. The next start is another process.
async fn break_off_at(url: &str, engine: &str, name: &str) {
    let pools = Pools::open(url).await.unwrap();
    run(&pools, "CREATE TABLE ? (in_the_way INTEGER)", name).await;
    let error = pools.migrate().await.expect_err(name);
    assert!(error.to_string().contains(name), "{error}");
    assert_never_half_in(&pools, engine, name).await;
    run(&pools, "DROP TABLE ?", name).await;
    pools.close().await;
    let pools = Pools::open(url).await.unwrap();
    pools.migrate().await.unwrap();
    assert_never_half_in(&pools, engine, "").await;
    pools.close().await;
}

#[tokio::test]
async fn a_migration_that_breaks_off_at_any_statement_leaves_nothing_on_sqlite() {
    let names: Vec<String> = made("sqlite").into_iter().flat_map(|(_, names)| names).collect();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("house.db").display());
        break_off_at(&url, "sqlite", &name).await;
    }
}

#[tokio::test]
async fn a_migration_that_breaks_off_at_any_statement_leaves_nothing_on_postgresql() {
    let postgres = Postgres::empty();
    for (_, names) in made("postgres") {
        for name in names {
            let pools = Pools::open(&postgres.url()).await.unwrap();
            run(&pools, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", "").await;
            pools.close().await;
            break_off_at(&postgres.url(), "postgres", &name).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_killed_leaves_the_old_or_the_new_and_the_next_goes_through() {
    let mut dice = Dice::by_setting();
    let whole = tempfile::tempdir().unwrap();
    let began = Instant::now();
    done(whole.path(), &["migrate"]).await;
    let lasts = u64::try_from(began.elapsed().as_micros()).unwrap();
    for _ in 0..number_of("HEARBACK_FAULT_KILLS", 12) {
        let folder = tempfile::tempdir().unwrap();
        let mut migration = Command::new(env!("CARGO_BIN_EXE_hearback"))
            .arg("migrate")
            .env("HEARBACK_DATA_DIR", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_micros(lasts / 4 + dice.below(lasts))).await;
        migration.kill().unwrap();
        migration.wait().unwrap();
        look(&folder.path().join("hearback.db")).await;
        done(folder.path(), &["migrate"]).await;
        done(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    }
}

/// What a killed migration has left, without the program.
async fn look(database: &Path) {
    if !database.exists() {
        return;
    }
    let pool = sqlx::SqlitePool::connect_with(SqliteConnectOptions::new().filename(database)).await.unwrap();
    let names: Vec<(String,)> = sqlx::query_as("SELECT name FROM sqlite_master").fetch_all(&pool).await.unwrap();
    let there: BTreeSet<String> = names.into_iter().map(|(name,)| name).collect();
    let mut numbers = BTreeSet::new();
    if there.contains("_sqlx_migrations") {
        let done: Vec<(i64,)> =
            sqlx::query_as("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(&pool).await.unwrap();
        numbers.extend(done.into_iter().map(|(number,)| number));
    }
    assert_never_half("sqlite", &there, &numbers);
    pool.close().await;
}
