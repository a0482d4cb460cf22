//! Webhooks are signed, go where they are told, and tell what a receiver can act on.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use hearback::domain::{
    job::{JobState, NewJob},
    time::Timestamp,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::{SECRET, Works, call, counted, reason};
use crate::harness::{
    Hall,
    act::schedule,
    receiver::{Called, Receiver},
};

/// As a receiver does it, by the specification of Standard Webhooks.
fn is_ours(call: &Called) -> bool {
    let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let (id, timestamp) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    mac.update(format!("{id}.{timestamp}.{}", call.body).as_bytes());
    let shown = call.header("webhook-signature").strip_prefix("v1,").and_then(|shown| STANDARD.decode(shown).ok());
    shown.is_some_and(|shown| mac.verify_slice(&shown).is_ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_signed_anew_at_each_try_and_tells_the_same() {
    let receiver = Receiver::start_by(|_| StatusCode::SERVICE_UNAVAILABLE).await;
    let works = Works::begin(Hall::sqlite().await, receiver);
    let began = works.hall.clock.now();
    let id = schedule(&works.hall.app, NewJob::now(call("alert.fired"))).await.to_string();
    works.receiver.called("alert.fired", 1).await;
    counted(&works.hall.app, JobState::Waiting, 1).await;
    works.receiver.judge(|_| StatusCode::ACCEPTED);
    works.hall.pass(TimeDelta::seconds(7));
    works.receiver.called("alert.fired", 2).await;
    counted(&works.hall.app, JobState::Done, 1).await;
    let calls = works.receiver.calls();
    for (number, call) in (0..).zip(&calls) {
        assert!(is_ours(call), "{call:?}");
        assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/hook/secret"));
        assert_eq!((call.header("content-type"), call.header("webhook-id")), ("application/json", id.as_str()));
        let at: i64 = call.header("webhook-timestamp").parse().unwrap();
        assert_eq!(at, began.unix_millis() / 1_000 + 7 * number, "when it was sent");
        let body = json!({ "type": "alert.fired", "timestamp": began, "data": { "number": 1 } });
        assert_eq!(call.json(), body);
    }
    let forged = Called { body: calls[0].body.replace('1', "2"), ..calls[0].clone() };
    assert!(!is_ours(&forged), "the check can fail");
    assert_eq!(began, Timestamp::from_unix_millis(crate::harness::hall::MORNING));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let receiver = Receiver::start_by(|_| StatusCode::TEMPORARY_REDIRECT).await;
    let works = Works::begin(Hall::sqlite().await, receiver);
    works.schedule("alert.fired").await;
    works.receiver.called("alert.fired", 1).await;
    counted(&works.hall.app, JobState::Waiting, 1).await;
    assert_eq!(reason(&works.hall.app).await, "the receiver of the webhook answered 307 Temporary Redirect");
    assert!(works.receiver.calls().iter().all(|call| call.path == "/hook/secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn why_nobody_was_reached_is_kept_without_the_address() {
    let receiver = Receiver::start().await;
    let outside = super::outside(Some(&receiver), None);
    drop(receiver);
    let hall = Hall::sqlite().await;
    let _runner = hearback::jobs::Runner::start(&hall.app, &outside, super::RHYTHM);
    schedule(&hall.app, NewJob::now(call("alert.fired"))).await;
    counted(&hall.app, JobState::Running, 0).await;
    counted(&hall.app, JobState::Waiting, 1).await;
    let why = crate::harness::wait::until("the first try", || async {
        let jobs = hearback::app::jobs::list(&hall.app, hearback::domain::access::Operator::command_line());
        jobs.await.unwrap().waiting.first().and_then(|row| row.last_error.clone())
    })
    .await;
    assert!(why.starts_with("the receiver of the webhook could not be reached: "), "{why}");
    assert!(!why.contains("secret"), "{why}");
}
