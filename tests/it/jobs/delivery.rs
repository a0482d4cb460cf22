//! What is told directly, since the store takes nothing, and what is told by the settings of a real server.

use axum::http::StatusCode;
use chrono::TimeDelta;
use hearback::{
    app::{Settings, jobs},
    clock::Clock,
    domain::{
        job::{JobState, NewJob, Work},
        user::Email,
    },
    notify::{Delivery, Outside},
};
use serde_json::json;

use super::{SECRET, call, counted, mail, outside};
use crate::harness::{
    Server,
    act::schedule,
    mail::{MailServer, header},
    receiver::Receiver,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_goes_out_although_nothing_can_be_stored() {
    let (receiver, server) = (Receiver::start().await, MailServer::start().await);
    let outside = outside(Some(&receiver), Some(&server));
    let clock = Clock::system();
    let delivery = Delivery { id: clock.new_id(), made_at: clock.now().plus(TimeDelta::minutes(-1)), now: clock.now() };
    outside.deliver(delivery, &mail()).await.unwrap();
    outside.deliver(delivery, &call("alert.fired")).await.unwrap();
    assert_eq!(header(&server.mail().await, "message-id"), [format!("<{}@jobs.example>", delivery.id)]);
    assert_eq!(receiver.ids_of("alert.fired"), [delivery.id.to_string()]);
    assert_eq!(receiver.calls()[0].json()["timestamp"], json!(delivery.made_at));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ping_is_a_plain_get_and_only_success_is_success() {
    let receiver = Receiver::start().await;
    let pings = outside(Some(&receiver), None);
    assert!(pings.can_ping());
    pings.ping().await.unwrap();
    let [ping] = &receiver.calls()[..] else { panic!("one call") };
    assert_eq!((ping.method.as_str(), ping.path.as_str(), ping.body.as_str()), ("GET", "/hook/secret", ""));
    for status in [StatusCode::NOT_FOUND, StatusCode::FOUND, StatusCode::INTERNAL_SERVER_ERROR] {
        receiver.judge(move |_| status);
        let failure = pings.ping().await.unwrap_err();
        assert_eq!(failure.line(), format!("the address of ping_url answered {status}"));
    }
    drop(receiver);
    let failure = pings.ping().await.unwrap_err();
    assert!(!failure.line().contains("secret"), "{}", failure.line());
}

#[tokio::test]
async fn where_nothing_is_set_nothing_is_scheduled_and_nothing_reached() {
    let nothing = Outside::default();
    let clock = Clock::system();
    let delivery = Delivery { id: clock.new_id(), made_at: clock.now(), now: clock.now() };
    assert!(nothing.deliver(delivery, &mail()).await.unwrap_err().why.contains("smtp_url"));
    assert!(nothing.deliver(delivery, &call("x")).await.unwrap_err().why.contains("alert_webhook_url"));
    nothing.ping().await.unwrap();
    let tell = |settings: &Settings| jobs::for_operators(settings, "S", "T", "alert.fired", json!({})).len();
    let to: Vec<Email> = ["a@mail.example", "b@mail.example"].map(|to| Email::parse("to", to).unwrap()).into();
    let settings = Settings { alert_mail_to: to, ..Settings::default() };
    assert_eq!(tell(&settings), 0, "there is no mail server");
    assert_eq!(tell(&Settings { can_mail: true, ..settings.clone() }), 2);
    assert_eq!(tell(&Settings { can_mail: true, can_call_webhook: true, ..settings }), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_tells_its_operators_by_its_settings() {
    let (receiver, mails) = (Receiver::start().await, MailServer::start().await);
    let flags = [
        "--public-url",
        "https://jobs.example",
        "--smtp-url",
        &mails.url(),
        "--alert-mail-to",
        "ada@mail.example,bob@mail.example",
        "--alert-webhook-url",
        &receiver.url,
        "--alert-webhook-secret",
        SECRET,
    ];
    let server = Server::start_with(&flags).await;
    let app = server.app();
    let work: Vec<Work> = jobs::for_operators(&app.settings, "Disk full", "Make room.", "alert.fired", json!({}));
    for work in work {
        schedule(app, NewJob::now(work)).await;
    }
    counted(app, JobState::Done, 3).await;
    receiver.called("alert.fired", 1).await;
    let mut to: Vec<_> = mails.mails().iter().flat_map(|mail| header(mail, "to")).collect();
    to.sort();
    assert_eq!(to, ["ada@mail.example", "bob@mail.example"]);
    assert_eq!(header(&mails.mail().await, "from"), ["Hearback <hearback@jobs.example>"]);
}
