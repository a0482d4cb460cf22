//! What a candidate leaves behind on a device: nothing that opens the chat.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use hearback::{
    app::{
        links::{self, Device, Left, LinkRefusal},
        sessions,
    },
    domain::{ids::ConversationId, link::Secret},
};
use reqwest::{Method, header::SET_COOKIE};
use serde_json::json;

use crate::harness::{Browser, Hall, Server, Socket, Tenant, browser::Answer, postgres::Postgres, tenant::HERE};

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A browser that came in by a link, and its cookie.
async fn entered(server: &Server, link: &str) -> (Browser, String) {
    let browser = Browser::open(server).await;
    assert_eq!(browser.post(&format!("/c/{link}"), &[]).await.status, 303);
    let cookie = format!("hearback_chat={}", browser.cookie("hearback_chat").unwrap());
    (browser, cookie)
}

fn chat_cookie(answer: &Answer) -> String {
    let all = answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned());
    all.into_iter().find(|cookie| cookie.starts_with("hearback_chat=")).expect("the chat's cookie")
}

async fn one_device_is_left(server: Server) {
    let acme = Tenant::create(server.app(), "acme").await;
    let chat = format!("/chat/{}", acme.chat.conversation);
    let (library, cookie) = entered(&server, &acme.chat.link).await;
    let (phone, phones_cookie) = entered(&server, &acme.chat.link).await;
    let at_library = Socket::enter_by_cookie(&server, &acme.namespace(), &cookie).await;
    let at_phone = Socket::enter_by_cookie(&server, &acme.namespace(), &phones_cookie).await;

    let since = Instant::now();
    let left = library.post(&format!("{chat}/leave"), &[]).await;
    assert_eq!((left.status, left.location.as_deref()), (303, Some("/left")));
    assert!(chat_cookie(&left).contains("Max-Age=0"), "{}", chat_cookie(&left));
    assert_eq!(at_library.event("session:ended", |_| true).await["reason"], "signed_out");
    at_library.ended().await;
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());

    // Neither the browser nor a copy of its cookie opens the chat again.
    let copied = Browser::of(&server, &cookie).await;
    for browser in [&library, &copied] {
        assert_eq!(browser.get(&chat).await.status, 404);
        let post = [("body", "hello"), ("client_id", "0190d3a0-0000-7000-8000-000000000001")];
        assert_eq!(browser.post(&format!("{chat}/messages"), &post).await.status, 404);
    }
    let headers = [("cookie", cookie.as_str()), ("origin", &server.url())];
    let refused = Socket::connect(&server, &acme.namespace(), json!({}), &headers).await.err();
    assert_eq!(refused.as_deref(), Some("Invalid namespace"));

    // The candidate's own device, and the link, go on.
    let history = json!({ "conversation": acme.chat.conversation, "limit": 1 });
    assert_eq!(at_phone.ask("message:history", history).await["ok"], true);
    assert_eq!(phone.get(&chat).await.status, 200);
    let page = library.get("/left").await;
    assert!(page.text.contains("You left the chat on this device"), "{}", page.text);
    assert_eq!(library.post(&format!("/c/{}", acme.chat.link), &[]).await.status, 303);
    assert_eq!(library.get(&chat).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_device_is_out_there_within_a_second_and_stays_in_elsewhere() {
    one_device_is_left(Server::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_device_is_out_there_and_stays_in_elsewhere_on_postgresql() {
    let postgres = Postgres::start();
    one_device_is_left(Server::start_on(&postgres).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_takes_a_form_of_ones_own_and_a_chat_one_is_in() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let other = acme.add_candidate(server.app(), "other").await;
    let (browser, _) = entered(&server, &acme.chat.link).await;
    let leave = format!("/chat/{}/leave", acme.chat.conversation);
    let forged = browser.request(Method::POST, &leave).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(browser.send(forged.body("csrf=made-up")).await.status, 403);
    assert_eq!(browser.get(&leave).await.status, 405);
    assert_eq!(browser.post(&format!("/chat/{}/leave", other.conversation), &[]).await.status, 404);
    assert_eq!(browser.get(&format!("/chat/{}", acme.chat.conversation)).await.status, 200);
}

async fn is_in(hall: &Hall, secret: &Secret, conversation: ConversationId) -> bool {
    match links::candidate_by_session(&hall.app, secret, conversation).await {
        Ok(_) => true,
        Err(LinkRefusal::Unknown) => false,
        Err(other) => panic!("{other}"),
    }
}

async fn shared_devices(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let second = acme.add_candidate(app, "second").await;
    let enter = async |link: &str, cookie: Option<&Secret>, device| {
        let cookie = cookie.map(|secret| Secret::parse(secret.expose()).unwrap());
        links::enter(app, link, cookie, device, ADDRESS).await.unwrap().0
    };
    let (first, second) = ((&acme.chat.link, acme.chat.conversation), (&second.link, second.conversation));

    // Two people on one's own device go on in one session; one of them can leave alone. The secret is a new one each time:
    // the first person may have copied the one before.
    let before = enter(first.0, None, Device::Own).await;
    let own = enter(second.0, Some(&before), Device::Own).await;
    assert!(!is_in(&hall, &before, first.1).await && !is_in(&hall, &before, second.1).await);
    assert!(is_in(&hall, &own, first.1).await && is_in(&hall, &own, second.1).await);
    assert_eq!(links::leave(app, &own, first.1, HERE).await.unwrap(), Left::Others);
    assert!(!is_in(&hall, &own, first.1).await && is_in(&hall, &own, second.1).await);

    // A shared device gets a session of its own, and what was there before ends.
    let shared = enter(first.0, Some(&own), Device::Shared).await;
    assert!(!is_in(&hall, &own, second.1).await && is_in(&hall, &shared, first.1).await);
    let next = enter(second.0, Some(&shared), Device::Own).await;
    assert!(!is_in(&hall, &shared, first.1).await && !is_in(&hall, &next, first.1).await);

    // Four hours, whatever the link is good for.
    let shared = enter(first.0, None, Device::Shared).await;
    hall.pass(TimeDelta::minutes(239));
    assert!(is_in(&hall, &shared, first.1).await);
    let candidate = links::candidate_by_session(app, &shared, first.1).await.unwrap();
    assert!(links::still_good(app, &candidate).await);
    hall.pass(TimeDelta::minutes(1));
    assert!(!is_in(&hall, &shared, first.1).await);
    assert!(!links::still_good(app, &candidate).await, "an open socket ends too");
    assert!(is_in(&hall, &next, second.1).await, "one's own device goes on");
    assert_eq!(sessions::forget_old(app).await.unwrap(), 1);
}

#[tokio::test]
async fn a_shared_device_lets_go_of_a_candidate_after_four_hours_and_when_the_next_one_comes() {
    shared_devices(Hall::sqlite().await).await;
}

#[tokio::test]
async fn a_shared_device_lets_go_of_a_candidate_after_four_hours_on_postgresql() {
    shared_devices(Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_a_shared_device_ends_with_the_browser() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let link = format!("/c/{}", acme.chat.link);
    for (fields, lasts) in [(&[][..], true), (&[("shared_device", "true")], false)] {
        let cookie = chat_cookie(&Browser::open(&server).await.post(&link, fields).await);
        assert_eq!(cookie.contains("Max-Age") || cookie.contains("Expires"), lasts, "{cookie}");
    }
}
