//! A store that hangs or is gone, and a recruiter who is: in a running server, told within three looks.

use hearback::domain::ids::Id;
use serde_json::json;
use tempfile::TempDir;

use crate::harness::{
    Browser, Process, Server, Socket, Tenant, act::client_id, postgres::Postgres, tenant::operators_cookie, wait::until,
};

const WATCHED: [&str; 6] = ["--rate-limits", "off", "--check-seconds", "1", "--heartbeat-seconds", "1"];

async fn connect(folder: &TempDir) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("hearback.db"));
    sqlx::ConnectOptions::connect(&options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committer_that_stalls_is_told_and_told_to_go_on() {
    let server = Server::start().await;
    let cookie = operators_cookie(server.app()).await;
    let folder = server.stop().await;
    let process = Process::start_by(&[], folder.path(), folder.path(), &WATCHED).await;
    let browser = Browser::of_at(&process.url, &cookie).await;
    // Whoever writes waits for this, as for a disk that does not answer.
    let mut other = connect(&folder).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    process.logged("an alert fires check=\"database:writes\"").await;
    until("the alert on the page", || async {
        browser.get("/admin").await.text.contains("nobody can send").then_some(())
    })
    .await;
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    process.logged("an alert is over check=\"database:writes\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_told_and_the_health_page_answers_meanwhile() {
    let mut postgres = Postgres::own();
    let folder = tempfile::tempdir().unwrap();
    let url = postgres.url();
    let flags = [&WATCHED[..], &["--database-url", &url]].concat();
    let process = Process::start_by(&[], folder.path(), folder.path(), &flags).await;
    process.answers("/readyz").await;
    postgres.kill();
    process.logged("an alert fires check=\"database:writes\"").await;
    let answer = reqwest::get(format!("{}/health", process.url)).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["content-type"], "application/health+json");
    postgres.start_again();
    process.logged("an alert is over check=\"database:writes\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_recruiter_who_is_gone_had_taken_is_told_once_it_waits_again_unseen() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let folder = server.stop().await;
    let mut other = connect(&folder).await;
    sqlx::query("UPDATE organizations SET target_normal = 1 WHERE id = $1")
        .bind(acme.organization.id.uuid())
        .execute(&mut other)
        .await
        .unwrap();
    drop(other);
    let lease = ["--lease-seconds", "3", "--absence-seconds", "1"];
    let flags = [&WATCHED[..], &lease].concat();
    let process = Process::start_by(&[], folder.path(), folder.path(), &flags).await;
    let holder = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let candidate = Socket::enter_at(&process.url, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let post = json!({ "conversation": acme.chat.conversation, "client_id": client_id(), "body": "Hello?" });
    candidate.ask("message:post", post).await;
    let claimed = holder.ask("queue:next", json!({})).await;
    assert_eq!(claimed["entry"]["conversation"], json!(acme.chat.conversation));
    // Killed: it says nothing and comes back never.
    drop(holder);
    process.logged("an alert fires check=\"queue:overdue\"").await;
    let again = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    again.ask("queue:resolve", json!({ "conversation": acme.chat.conversation })).await;
    process.logged("an alert is over check=\"queue:overdue\"").await;
}
