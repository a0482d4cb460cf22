//! Databases that this program must not touch, and what the sentence says of each.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::harness::{
    Process,
    postgres::Postgres,
    program::{command, done, refused},
};

async fn sqlite(folder: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.join("hearback.db")).connect().await.unwrap()
}

/// What every command says of a database that does not fit, the server first.
async fn sentences(folder: &Path, flags: &[&str]) -> Vec<String> {
    let lines: [&[&str]; 3] =
        [&["serve", "--listen", "127.0.0.1:0"], &["migrate"], &["org", "create", "acme", "--name", "Acme"]];
    let mut sentences = Vec::new();
    for line in lines {
        let began = Instant::now();
        let said = command(folder, &[line, flags].concat()).await;
        assert!(began.elapsed() < Duration::from_secs(4), "{line:?} took {:?}", began.elapsed());
        assert_eq!(said.code, Some(1), "{said:?}");
        sentences.push(said.sentence());
    }
    let report = command(folder, &[&["check"], flags].concat()).await;
    assert_eq!(report.code, Some(1), "{report:?}");
    let line = report.out.lines().find(|line| line.starts_with("bad  database: ")).expect("check says it too");
    sentences.push(line.to_owned());
    assert!(sentences.iter().all(|sentence| !sentence.contains("at line")), "{sentences:?}");
    sentences
}

fn all_say(sentences: &[String], words: &[&str]) {
    for sentence in sentences {
        assert!(words.iter().all(|words| sentence.contains(words)), "{words:?} in {sentence}");
    }
}

const NEWER: &[&str] = &["was made by a newer version of Hearback", "restore a copy"];
const CHANGED: &[&str] = &["another build of Hearback", "start with an empty one"];

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_or_another_build_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["migrate"]).await;
    let mut other = sqlite(folder.path()).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', TRUE, x'00', 1)";
    sqlx::query(newer).execute(&mut other).await.unwrap();
    all_say(&sentences(folder.path(), &[]).await, NEWER);
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 9999").execute(&mut other).await.unwrap();
    done(folder.path(), &["migrate"]).await;
    sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1").execute(&mut other).await.unwrap();
    all_say(&sentences(folder.path(), &[]).await, CHANGED);
    all_say(&[refused(folder.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]).await], CHANGED);
    other.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_or_another_build_is_refused_with_what_to_do_on_postgresql() {
    let (folder, postgres) = (tempfile::tempdir().unwrap(), Postgres::start());
    let url = postgres.url();
    let flags = ["--database-url", url.as_str()];
    done(folder.path(), &[&["migrate"][..], &flags].concat()).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', TRUE, '\\x00', 1)";
    sqlx::query(newer).execute(&mut other).await.unwrap();
    all_say(&sentences(folder.path(), &flags).await, NEWER);
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 9999").execute(&mut other).await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1").execute(&mut other).await.unwrap();
    all_say(&sentences(folder.path(), &flags).await, CHANGED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_program_holds_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["migrate"]).await;
    for how in ["BEGIN IMMEDIATE", "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"] {
        let mut other = sqlite(folder.path()).await;
        sqlx::raw_sql(how).execute(&mut other).await.unwrap();
        all_say(&sentences(folder.path(), &[]).await, &["another program holds a lock on it", "close that program"]);
        other.close().await.unwrap();
    }
    done(folder.path(), &["migrate"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_another_session_holds_are_refused_at_once_on_postgresql() {
    let (folder, postgres) = (tempfile::tempdir().unwrap(), Postgres::start());
    let url = postgres.url();
    let flags = ["--database-url", url.as_str()];
    done(folder.path(), &[&["migrate"][..], &flags].concat()).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("SET application_name = 'psql'; BEGIN; LOCK TABLE messages").execute(&mut other).await.unwrap();
    all_say(&sentences(folder.path(), &flags).await, &["of psql holds a lock on its tables", "end that session"]);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    done(folder.path(), &[&["migrate"][..], &flags].concat()).await;
    let (server, _) = url.rsplit_once('/').unwrap();
    let unknown = format!("{server}/nothing_here");
    let sentence = refused(folder.path(), &["serve", "--database-url", &unknown]).await;
    assert!(sentence.ends_with("database \"nothing_here\" does not exist"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_name_for_the_database_lets_no_second_server_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    let other = folder.path().join("other.db");
    fs::hard_link(folder.path().join("hearback.db"), &other).unwrap();
    let url = format!("sqlite://{}", other.display());
    let sentence = refused(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--database-url", &url]).await;
    assert!(sentence.contains("another server runs on"), "{sentence}");
    server.answers("/readyz").await;
}

/// Every file and folder below a folder with its mode, itself as an empty name.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut all = vec![(String::new(), mode(folder))];
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        all.push((path.file_name().unwrap().to_string_lossy().into_owned(), mode(&path)));
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_writes_is_for_its_user_alone_whatever_the_umask() {
    let outside = tempfile::tempdir().unwrap();
    let data = outside.path().join("data");
    let open = ["sh", "-c", "umask 000; exec \"$@\"", "sh"];
    let server = Process::start_by(&open, &data, outside.path(), &["--demo"]).await;
    server.said("/admin").await;
    let run = async |line: &[&str]| {
        let mut command = std::process::Command::new(open[0]);
        command.args(&open[1..]).arg(env!("CARGO_BIN_EXE_hearback")).args(line).env("HEARBACK_DATA_DIR", &data);
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        assert!(output.status.success(), "{line:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let path = |name: &str| data.join(name).display().to_string();
    run(&["backup", &path("copy.db")]).await;
    run(&["export", "--org", "acme", &path("acme.zip")]).await;
    let names: Vec<_> = modes(&data).into_iter().map(|(name, _)| name).collect();
    for name in ["acme.zip", "copy.db", "demo.json", "hearback.db", "hearback.db-wal"] {
        assert!(names.iter().any(|there| there == name), "{name} in {names:?}");
    }
    let are_private = || {
        for (name, mode) in modes(&data) {
            assert_eq!(format!("{mode:o}"), if name.is_empty() { "700" } else { "600" }, "{name:?}");
        }
    };
    are_private();
    server.terminate();
    assert!(server.ended().await.0.success());
    run(&["restore", &path("copy.db")]).await;
    are_private();
    // Also of one that cannot be read and is kept as it is.
    fs::write(data.join("hearback.db"), vec![7; 40_000]).unwrap();
    fs::set_permissions(data.join("hearback.db"), fs::Permissions::from_mode(0o644)).unwrap();
    run(&["restore", &path("copy.db")]).await;
    are_private();
    assert!(!run(&["check"]).await.contains("warn"));
    fs::set_permissions(data.join("hearback.db"), fs::Permissions::from_mode(0o644)).unwrap();
    let report = run(&["check"]).await;
    assert!(report.contains("warn database: other users of this machine can read"), "{report}");
}
