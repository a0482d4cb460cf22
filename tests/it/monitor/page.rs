//! The operators' page shows what is watched.

use hearback::app::alerts;

use crate::harness::{Browser, Server, tenant::operators_cookie, wait::until};

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_heartbeats_checks_and_alerts_without_script_and_says_that_they_know() {
    let server =
        Server::start_with(&["--heartbeat-seconds", "1", "--check-seconds", "1", "--rate-limits", "off"]).await;
    let operator = Browser::of(&server, &operators_cookie(server.app()).await).await;
    until("heartbeats and a look on the page", || async {
        let page = operator.get("/admin").await.text;
        (page.contains("bar--good") && page.contains("Looked at") && page.contains("Nothing needs you")).then_some(())
    })
    .await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(server.folder().join("hearback.db"));
    let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'ended' BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        .execute(&mut other)
        .await
        .unwrap();
    let page = until("the alert on the page", || async {
        let page = operator.get("/admin").await.text;
        page.contains("1 alert").then_some(page)
    })
    .await;
    let told = ["A test message could not be marked as handled", "Critical", "bar--fails"];
    assert!(told.iter().all(|told| page.contains(told)), "{page}");
    let [alert] = alerts::open(server.app()).await.unwrap().try_into().expect("one alert");
    let acknowledge = format!("/admin/alerts/{}/acknowledge", alert.id);
    assert_eq!(operator.post(&acknowledge, &[]).await.status, 303);
    let page = operator.get("/admin").await.text;
    assert!(page.contains("Operator</bdi> knows") && !page.contains(&acknowledge), "{page}");
    assert_eq!(operator.post(&acknowledge, &[]).await.status, 404, "once is enough");
    sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
    until("the alert to be over", || async {
        let page = operator.get("/admin").await.text;
        (page.contains("Nothing needs you") && page.contains("What is over")).then_some(())
    })
    .await;
}
