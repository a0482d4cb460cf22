//! Wrong passwords are told, and nobody can fill the log with them.

use hearback::domain::audit::{ActorKind, Entry, Fact};

use super::{News, everything};
use crate::harness::{
    Browser, Server, Tenant,
    tenant::{HERE, PASSWORD},
    wait::until,
};

/// How many for one account are told one by one.
const ALLOWANCE: usize = 20;

async fn failures(server: &Server) -> Vec<Entry> {
    let mut all = everything(server.app()).await;
    all.retain(|entry| entry.action.as_str() == "session.sign_in_failed");
    all
}

async fn until_told(server: &Server, count: usize) -> Vec<Entry> {
    until("the failures that are told", || async {
        let told = failures(server).await;
        (told.len() >= count).then_some(told)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_with_the_account_and_the_address() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    assert_eq!(browser.sign_in("viewer@acme.example", "canary-password").await.status, 401);
    assert_eq!(browser.sign_in("canary@mail.example", "canary-password").await.status, 401);
    assert_eq!(browser.sign_in("no address", "canary-password").await.status, 401);
    let told = until_told(&server, 2).await;
    let [known, unknown] = &told[..] else { panic!("{told:?}") };
    for entry in [known, unknown] {
        assert_eq!((entry.by.kind, entry.by.id, entry.by.whence), (ActorKind::Stranger, None, HERE), "{entry:?}");
    }
    let subject = known.subject.as_ref().unwrap();
    assert_eq!(subject.label.as_deref(), Some("viewer acme"));
    assert!(unknown.subject.is_none());
    assert_eq!(unknown.facts["account"], Fact::Is("unknown".to_owned()));
    let rows = server.dump().await;
    assert!(!rows.iter().any(|row| row.contains("canary")), "what was typed is kept nowhere");

    let mut news = News::since_now(server.app()).await;
    let viewer = Browser::of(&server, &acme.viewer.cookie()).await;
    let fields = [("current", "not it, not it"), ("password", "a walk in the rain")];
    assert_eq!(viewer.post("/account/password", &fields).await.status, 400);
    let told = until("the refused change", || async {
        let all = everything(server.app()).await;
        all.into_iter().find(|entry| entry.action.as_str() == "password.change_failed")
    })
    .await;
    assert_eq!(told.by.name.as_deref(), Some("viewer acme"));
    assert_eq!(news.actions().await, ["password.change_failed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_passwords_are_counted_and_the_count_is_told() {
    let server = Server::start().await;
    Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    for number in 0..ALLOWANCE + 3 {
        let (known, unknown) = ("viewer@acme.example", format!("nobody-{number}@mail.example"));
        assert_eq!(browser.sign_in(known, "not the password").await.status, 401);
        assert_eq!(browser.sign_in(&unknown, "not the password").await.status, 401);
    }
    let told = until_told(&server, 2 * ALLOWANCE).await;
    let of_known = told.iter().filter(|entry| entry.subject.is_some()).count();
    assert_eq!((told.len(), of_known), (2 * ALLOWANCE, ALLOWANCE), "strangers' names use up no account's allowance");
    assert_eq!(browser.sign_in("viewer@acme.example", PASSWORD).await.status, 303);
    let last = everything(server.app()).await.pop().unwrap();
    assert_eq!(last.action.as_str(), "session.signed_in");
    assert_eq!(last.facts["failures_before"], Fact::Is("3".to_owned()));
    assert_eq!(failures(&server).await.len(), 2 * ALLOWANCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_a_chat_link_over_and_over_does_not_fill_the_log() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    let mut news = News::since_now(server.app()).await;
    for _ in 0..ALLOWANCE + 10 {
        assert_eq!(browser.post(&format!("/c/{}", acme.chat.link), &[]).await.status, 303);
    }
    assert_eq!(news.actions().await, vec!["link.opened"; ALLOWANCE]);
}
