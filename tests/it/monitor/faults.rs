//! Real faults in a running server are told, and told to be over once they are. A full disk stands in `faults::mounted`,
//! since it takes a disk of its own.

use hearback::app::alerts;
use tempfile::TempDir;

use crate::{
    faults::{
        clock::SystemClock,
        failing::{Fragile, WRITE},
        preload,
    },
    harness::{Browser, Process, Server, tenant::operators_cookie, wait::until},
};

/// A look each second instead of every fifteen: what takes three looks takes 45 seconds of a server as it is shipped.
const WATCHED: [&str; 6] = ["--rate-limits", "off", "--check-seconds", "1", "--heartbeat-seconds", "1"];

/// A folder that an operator may look into once it is served, by that cookie.
async fn house_of_an_operator() -> (String, TempDir) {
    let server = Server::start().await;
    let cookie = operators_cookie(server.app()).await;
    (cookie, server.stop().await)
}

async fn shows(browser: &Browser, words: &[&str]) {
    until(&format!("a page with {words:?}"), || async {
        let page = browser.get("/admin").await.text;
        words.iter().all(|words| page.contains(words)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_nothing_can_be_written_is_told_although_it_cannot_be_kept() {
    let (cookie, folder) = house_of_an_operator().await;
    let fragile = Fragile::start_with(folder.path(), &WATCHED).await;
    let browser = Browser::of_at(&fragile.process.url, &cookie).await;
    shows(&browser, &["Nothing needs you", "Looked at"]).await;
    fragile.fail_always(WRITE);
    fragile.process.logged("an alert fires check=\"database:writes\"").await;
    shows(&browser, &["The database takes no writes", "A test message could not be written"]).await;
    until("two alerts in the metrics", || async {
        let metrics = browser.get("/metrics").await.text;
        metrics.lines().any(|line| line == "hearback_alerts_firing{severity=\"critical\"} 2").then_some(())
    })
    .await;
    fragile.mend(WRITE);
    fragile.process.logged("an alert is over check=\"database:writes\"").await;
    fragile.process.logged("an alert is over check=\"heartbeat:round_trip\"").await;
    shows(&browser, &["Nothing needs you"]).await;
    let log = fragile.process.log();
    assert_eq!(log.matches("an alert fires check=\"database:writes\"").count(), 1, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_on_which_commits_take_long_is_told() {
    let (cookie, folder) = house_of_an_operator().await;
    let slow = ["env", &preload("slow_disk", folder.path()), "HEARBACK_TEST_SYNC_MILLISECONDS=300"];
    let process = Process::start_by(&slow, folder.path(), folder.path(), &WATCHED).await;
    process.logged("an alert fires check=\"database:commit_latency\" severity=\"warning\"").await;
    let browser = Browser::of_at(&process.url, &cookie).await;
    shows(&browser, &["It takes long until what people write is on disk"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_is_told_until_it_is_right_again() {
    let (cookie, folder) = house_of_an_operator().await;
    let clock = SystemClock::new(folder.path());
    let process = clock.start_with(folder.path(), &WATCHED).await;
    let browser = Browser::of_at(&process.url, &cookie).await;
    shows(&browser, &["The server goes by the time of the system&#39;s clock"]).await;
    clock.set(1);
    process.logged("an alert fires check=\"clock:offset\"").await;
    clock.set(0);
    process.logged("an alert is over check=\"clock:offset\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_outlives_a_restart_and_is_not_told_again() {
    let mut server = Server::start_with(&[&WATCHED[..], &["--node-name", "here"]].concat()).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(server.folder().join("hearback.db"));
    let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'claimed' BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        .execute(&mut other)
        .await
        .unwrap();
    let open = async |server: &Server| alerts::open(server.app()).await.unwrap();
    let first = until("an alert", || async { open(&server).await.pop() }).await;
    server.restart().await;
    let again = until("a heartbeat after the restart", || async {
        let beats = hearback::app::heartbeat::latest(server.app(), 1).await.unwrap();
        beats.first().is_some_and(|beat| beat.began_at > first.fired_at).then_some(())
    });
    again.await;
    assert_eq!(
        alerts::latest(server.app(), 10).await.unwrap().iter().map(|alert| alert.id).collect::<Vec<_>>(),
        [first.id]
    );
    sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
    until("its end", || async { open(&server).await.is_empty().then_some(()) }).await;
}
