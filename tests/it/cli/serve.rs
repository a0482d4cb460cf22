//! `serve`: its first start, its end, and its example.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::harness::{Browser, Process, Socket, program::done};

fn address_in(said: &str, path: &str) -> Option<String> {
    let start = said.find(path)?;
    said[start..].split_whitespace().next().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_lets_one_operator_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    let address = address_in(&server.said("/setup/").await, "/setup/").expect("an address");
    let browser = Browser::open_at(&server.url).await;
    assert_eq!(browser.get(&address).await.status, 200);
    assert_eq!(browser.get(&address).await.status, 200, "looking uses nothing up");
    let secret = address.trim_start_matches("/setup/").to_owned();
    let person = |email: &'static str, password: &'static str| {
        [("token", secret.clone()), ("name", "Ada".into()), ("email", email.into()), ("password", password.into())]
    };
    let send = async |fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/setup", &fields).await
    };
    assert!(send(person("ada@example.com", "short")).await.text.contains("12 characters"));
    let made = send(person("ada@example.com", "a long walk by the river")).await;
    assert_eq!(made.status, 303, "{made:?}");
    assert_eq!(browser.get(&address).await.status, 404);
    assert_eq!(send(person("eve@example.com", "a long walk by the river")).await.status, 404);

    server.terminate();
    assert!(server.ended().await.0.success());
    let again = Process::start(folder.path(), &[]).await;
    again.terminate();
    let (_, said) = again.ended().await;
    assert_eq!(said, "", "there is an operator");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_that_can_write_no_address_serves_all_the_same_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("hearback.db"));
    let mut other: SqliteConnection = options.connect().await.unwrap();
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON one_time_links BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
    sqlx::query(broken).execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let server = Process::start(folder.path(), &[]).await;
    server.logged("could not be made; start again for it").await;
    assert_eq!(Browser::open_at(&server.url).await.get("/sign-in").await.status, 200);
    server.terminate();
    let (status, said) = server.ended().await;
    assert!(status.success() && said.is_empty(), "{status}: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_tells_live_sockets_and_ends_in_time_and_the_next_start_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    let token = done(folder.path(), &["token", "create", "--org", "acme", "--name", "Program"]).await;
    let server = Process::start(folder.path(), &[]).await;
    let enter = async |url: &str| Socket::enter_at(url, "/org/acme", json!({ "token": token.trim() })).await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(enter(&server.url).await);
    }
    let asked = Instant::now();
    server.terminate();
    for socket in &sockets {
        assert_eq!(socket.event("session:ended", |_| true).await["reason"], "server_restart");
    }
    let (status, _) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    let again = Process::start(folder.path(), &[]).await;
    enter(&again.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_prints_the_same_addresses_at_each_start_and_they_open() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--demo"]).await;
    let said = server.said("/admin").await;
    let link = |said: &str| address_in(said, "/c/").expect("a chat link");
    assert_eq!(["/c/", "/sign-in", "/admin", "/setup/"].map(|path| said.matches(path).count()), [2, 2, 1, 0], "{said}");
    let first = link(&said);
    assert_eq!(reqwest::get(format!("{}{first}", server.url)).await.unwrap().status(), 200);
    let log = server.logged("serving").await;
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
    server.terminate();
    assert!(server.ended().await.0.success());
    let again = Process::start(folder.path(), &["--demo"]).await;
    assert_eq!(link(&again.said("/admin").await), first);
    assert_eq!(reqwest::get(format!("{}{first}", again.url)).await.unwrap().status(), 200);
    let log = again.log();
    assert!(log.matches("serving").count() == 2 && !log.contains("WARN") && !log.contains("ERROR"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_as_many_descriptors_as_it_may_have() {
    let folder = tempfile::tempdir().unwrap();
    let few = ["prlimit", "--nofile=64:300"];
    let server = Process::start_by(&few, folder.path(), folder.path(), &[]).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    assert!(line.split_whitespace().take(2).eq(["300", "300"]), "{line}");
    server.logged("descriptors=300").await;
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push(Browser::open_at(&server.url).await);
        assert_eq!(held.last().unwrap().get("/livez").await.status, 200, "they keep their connections");
    }
}
