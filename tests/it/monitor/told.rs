//! Who is told of an alert, by mail and by webhook, and that all is well.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::TimeDelta;
use hearback::{
    app::{App, Settings, alerts},
    domain::{
        health::CheckId,
        job::{JobState, NewJob},
        user::Email,
    },
    jobs::Runner,
    monitor::alerting::Alerting,
};
use serde_json::Value;

use super::{Viewers, monitor_of};
use crate::{
    faults::failing::{Fragile, WRITE},
    harness::{
        Hall, Server, Tenant,
        act::{schedule, write},
        mail::{MailServer, header},
        receiver::Receiver,
        wait::until,
    },
    jobs::{RHYTHM, SECRET, count, mail, outside},
};

/// The mail with that subject, once it is there.
async fn mail_about(server: &MailServer, subject: &str) -> Value {
    until(subject, || async { server.mails().into_iter().find(|mail| header(mail, "subject") == [subject]) }).await
}

/// The call of an event about a check, once it is there.
async fn call_about(receiver: &Receiver, event: &str, check: CheckId) -> Value {
    until(&format!("{event} {}", check.as_str()), || async {
        let calls = receiver.calls().into_iter().filter(|call| call.method == "POST").map(|call| call.json());
        calls.into_iter().find(|call| call["type"] == event && call["data"]["check"] == check.as_str())
    })
    .await
}

const WATCHED: [&str; 4] = ["--check-seconds", "1", "--heartbeat-seconds", "1"];

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_told_when_it_begins_and_when_it_is_over() {
    let (receiver, server) = (Receiver::start().await, MailServer::start().await);
    let smtp = server.url();
    let flags = ["--smtp-url", &smtp, "--alert-mail-to", "ops@house.example,night@house.example"];
    let called = ["--alert-webhook-url", &receiver.url, "--alert-webhook-secret", SECRET];
    let house = Server::start_with(&[&WATCHED[..], &flags, &called].concat()).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.folder().join("hearback.db"));
    let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'ended' BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        .execute(&mut other)
        .await
        .unwrap();
    let mail = mail_about(&server, "Critical: Heartbeat").await;
    let text = mail["text"].as_str().or(mail["body"].as_str()).unwrap_or_default();
    assert!(
        text.contains("could not be marked as handled") && text.contains(&format!("{}/admin", house.url())),
        "{mail}"
    );
    let call = call_about(&receiver, "alert.fired", CheckId::Heartbeat).await;
    assert_eq!(call["data"]["severity"], "critical");
    sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
    mail_about(&server, "Over: Heartbeat").await;
    call_about(&receiver, "alert.cleared", CheckId::Heartbeat).await;
    until("each told once", || async {
        let about = |subject: &str| server.mails().iter().filter(|mail| header(mail, "subject") == [subject]).count();
        (about("Critical: Heartbeat") == 2 && about("Over: Heartbeat") == 2).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_nothing_can_be_written_is_told_at_once_and_once() {
    let (receiver, server) = (Receiver::start().await, MailServer::start().await);
    let folder = Server::start().await.stop().await;
    let smtp = server.url();
    let flags = ["--smtp-url", &smtp, "--alert-mail-to", "ops@house.example"];
    let called = ["--alert-webhook-url", &receiver.url, "--alert-webhook-secret", SECRET];
    let fragile = Fragile::start_with(folder.path(), &[&WATCHED[..], &flags, &called].concat()).await;
    fragile.fail_always(WRITE);
    call_about(&receiver, "alert.fired", CheckId::DatabaseWrites).await;
    mail_about(&server, "Critical: Database").await;
    fragile.mend(WRITE);
    call_about(&receiver, "alert.cleared", CheckId::DatabaseWrites).await;
    mail_about(&server, "Over: Database").await;
    let told = receiver.calls().into_iter().filter(|call| call.method == "POST").map(|call| call.json());
    let told: Vec<_> = told.filter(|call| call["data"]["check"] == CheckId::DatabaseWrites.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
}

/// The use cases of a hall with other settings.
fn with_settings(hall: &Hall, settings: Settings) -> App {
    App { settings: Arc::new(settings), ..hall.app.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_told_of_their_own_queue_and_of_no_other() {
    let server = MailServer::start().await;
    let hall = Hall::sqlite().await;
    let ops = vec![Email::parse("to", "ops@house.example").unwrap()];
    let app = with_settings(&hall, Settings { can_mail: true, alert_mail_to: ops, ..Settings::default() });
    let (acme, _other) = (Tenant::create(&app, "acme").await, Tenant::create(&app, "other").await);
    let mut alerting = Alerting::resume(monitor_of(&app, "here", Viewers(Vec::new()))).await;
    write(&app, &acme.chat, "A body that stands in no mail").await;
    hall.pass(TimeDelta::hours(5));
    for _ in 0..3 {
        alerting.look().await;
    }
    let _runner = Runner::start(&app, &outside(None, Some(&server)), RHYTHM);
    let owners = mail_about(&server, "Warning: Waiting too long (House acme)").await;
    mail_about(&server, "Warning: Waiting too long").await;
    let all = server.mails();
    assert_eq!(all.len(), 2, "{all:?}");
    let to: Vec<_> = all.iter().flat_map(|mail| header(mail, "to")).collect();
    assert!(
        to.iter().any(|to| to.contains("owner@acme.example")) && to.iter().any(|to| to.contains("ops@house.example"))
    );
    assert!(owners.to_string().contains("/o/acme"), "it leads to the queue: {owners}");
    assert!(all.iter().all(|mail| !mail.to_string().contains("stands in no mail")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_stays_away_is_told_on_the_page_once_a_mail_was_given_up() {
    let away = MailServer::at_home();
    let hall = Hall::sqlite().await;
    let app = with_settings(&hall, Settings { can_mail: true, ..Settings::default() });
    let mut alerting = Alerting::resume(monitor_of(&app, "here", Viewers(Vec::new()))).await;
    schedule(&app, NewJob::now(mail())).await;
    let _runner = Runner::start(&app, &outside(None, Some(&away)), RHYTHM);
    until("it to be given up", || async {
        hall.pass(TimeDelta::minutes(1));
        (count(&app, JobState::Failed).await == 1).then_some(())
    })
    .await;
    for _ in 0..3 {
        alerting.look().await;
    }
    let [alert] = alerts::open(&app).await.unwrap().try_into().expect("one alert");
    assert_eq!(alert.check, CheckId::Jobs);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_heartbeat_is_told_outside_and_a_bad_one_is_not() {
    let receiver = Receiver::start().await;
    let house = Server::start_with(&["--heartbeat-seconds", "1", "--ping-url", &receiver.url]).await;
    let pings = || receiver.calls().iter().filter(|call| call.method == "GET").count();
    until("two pings", || async { (pings() >= 2).then_some(()) }).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.folder().join("hearback.db"));
    let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("CREATE TRIGGER broken BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        .execute(&mut other)
        .await
        .unwrap();
    let failed = || async {
        let latest = hearback::app::heartbeat::latest(house.app(), 4).await.unwrap();
        (latest.len() == 4 && latest.iter().all(|beat| beat.failed.is_some())).then_some(())
    };
    until("bad heartbeats", failed).await;
    let before = pings();
    sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
    // An address that is not there hurts nobody.
    receiver.judge(|_| StatusCode::INTERNAL_SERVER_ERROR);
    until("a ping again", || async { (pings() > before).then_some(()) }).await;
    let whole = hearback::app::heartbeat::latest(house.app(), 2).await.unwrap();
    assert!(whole.iter().all(|beat| beat.failed.is_none()), "{whole:?}");
}
