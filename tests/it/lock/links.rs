//! Chat links: what opening one does, and where a dead one leads.

use chrono::TimeDelta;
use hearback::{
    app::links::{self, LinkView},
    domain::link::Secret,
};
use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::json;

use crate::harness::{Browser, Hall, Server, Socket, Tenant, act, dump::difference};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_looks_at_a_link_changes_nothing_and_learns_no_name() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    act::write(server.app(), &acme.chat, "Hello").await;
    let path = format!("/c/{}", acme.chat.link);
    let before = server.dump_with_presence().await;
    let previews =
        ["Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "WhatsApp/2.2", "Mozilla/5.0 Chrome/128.0"];
    for agent in previews {
        // A scanner keeps no cookies, or keeps them and comes again.
        let scanner = Browser::open(&server).await;
        for method in [Method::GET, Method::HEAD, Method::GET, Method::OPTIONS] {
            let answer = scanner.send(scanner.request(method.clone(), &path).header("user-agent", agent)).await;
            assert_eq!(answer.status, if method == Method::OPTIONS { 405 } else { 200 });
            assert_eq!(answer.headers["referrer-policy"], "no-referrer");
            assert_eq!(answer.headers["x-robots-tag"], "noindex, nofollow");
            assert_eq!(answer.headers["cache-control"], "no-store");
            assert!(!answer.text.contains("candidate acme"), "the candidate's name: {}", answer.text);
            assert!(!answer.headers.values().any(|value| value.to_str().unwrap().contains("hearback_chat")));
            if method == Method::GET {
                let page = Html::parse_document(&answer.text);
                let title: String =
                    page.select(&Selector::parse("title").unwrap()).flat_map(|title| title.text()).collect();
                assert_eq!(title, "House acme: your chat");
                assert!(page.select(&Selector::parse("meta[property]").unwrap()).next().is_none(), "no preview tags");
                let outside = Selector::parse("[src^=http], [href^=http]").unwrap();
                assert!(page.select(&outside).next().is_none(), "nothing that could send the address on");
            }
        }
        assert_eq!(scanner.get(&format!("/chat/{}", acme.chat.conversation)).await.status, 404, "{agent} is not in");
    }
    let changed = difference(&before, &server.dump_with_presence().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn going_on_leads_to_an_address_without_the_secret() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    let entered = browser.post(&format!("/c/{}", acme.chat.link), &[]).await;
    assert_eq!(entered.location, Some(format!("/chat/{}", acme.chat.conversation)));
    let chat = browser.get(&format!("/chat/{}", acme.chat.conversation)).await;
    assert_eq!(chat.status, 200);
    assert!(!chat.text.contains(&acme.chat.link), "the secret stands nowhere in the page");
    assert!(!chat.text.split("<body").next().unwrap().contains("candidate acme"), "nor the name in its head");
    let stored = server.dump().await;
    for secret in [&acme.chat.link, &browser.cookie("hearback_chat").unwrap(), &acme.recruiter.session, &acme.token] {
        assert!(!stored.iter().any(|row| row.contains(secret.as_str())), "secrets are kept as hashes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_says_so_and_leads_on() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    let path = format!("/c/{}", acme.chat.link);
    browser.post(&path, &[]).await;
    links::revoke(server.app(), &acme.owner.actor, acme.chat.conversation).await.unwrap();
    for dead in [browser.get(&path).await, browser.post(&path, &[]).await] {
        assert_eq!(dead.status, 410);
        assert!(dead.text.contains("This chat link was ended") && dead.text.contains("Ask for a new link"));
        assert!(!dead.text.contains("candidate acme") && !dead.text.contains("project acme"));
    }
    for _ in 0..3 {
        let asked = browser.post(&format!("{path}/new"), &[]).await;
        assert!(asked.text.contains("We have told the hiring team"), "{}", asked.text);
    }
    let notes: Vec<_> = server.dump().await.into_iter().filter(|row| row.contains("asked for a new one")).collect();
    assert_eq!(notes.len(), 1, "the team is told once: {notes:?}");
    let gone = browser.get(&format!("/chat/{}", acme.chat.conversation)).await;
    assert_eq!(gone.status, 410);
    assert!(gone.text.contains("Ask the recruiter who sent you the link"));
}

#[tokio::test]
async fn a_link_ends_ninety_days_after_the_last_activity_and_not_before() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let secret = Secret::parse(&acme.chat.link).unwrap();
    let look = async || links::look(&hall.app, &acme.chat.link, [192, 0, 2, 1].into()).await.unwrap();
    let enter = async || links::candidate(&hall.app, acme.organization.id, &secret).await;
    let days = TimeDelta::days;
    hall.pass(days(89));
    assert!(matches!(look().await, LinkView::Live(_)), "looking at it is no activity");
    enter().await.expect("in time");
    hall.pass(days(89));
    enter().await.expect("ninety days from then");
    hall.pass(days(89));
    assert!(matches!(look().await, LinkView::Live(_)));
    hall.pass(days(1));
    assert!(matches!(look().await, LinkView::Expired(_)));
    assert!(enter().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_secret_that_was_once_valid_learns_at_the_socket_why_it_is_not_any_more() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let other = Tenant::create(server.app(), "other").await;
    let refusal = async |namespace: &str, link: &str| {
        Socket::connect(&server, namespace, json!({ "link": link }), &[]).await.err().expect("a refusal")
    };
    let second = acme.add_candidate(server.app(), "second").await;
    links::revoke(server.app(), &acme.owner.actor, second.conversation).await.unwrap();
    assert_eq!(refusal("/org/acme", &second.link).await, "link_revoked");
    Socket::enter(&server, "/org/acme", json!({ "link": acme.chat.link })).await;
    server.clock.set(server.clock.now().plus(TimeDelta::days(91)));
    assert_eq!(refusal("/org/acme", &acme.chat.link).await, "link_expired");
    for (namespace, link) in [
        ("/org/other", &acme.chat.link),
        ("/org/other", &second.link),
        ("/org/acme", &other.chat.link),
        ("/org/acme", &"x".repeat(43)),
        ("/org/nobody", &acme.chat.link),
    ] {
        assert_eq!(refusal(namespace, link).await, "Invalid namespace", "{namespace}");
    }
}
