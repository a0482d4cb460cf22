//! Cookies, sessions and how long they last.

use std::time::Duration;

use hearback::domain::link::Secret;
use reqwest::header::SET_COOKIE;

use crate::harness::{
    Browser, Server, Tenant,
    browser::{Answer, read},
    tenant::{HERE, PASSWORD},
};

fn set(answer: &Answer) -> Vec<String> {
    answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// All cookies that a person is given, each as it was set. They are shown again by hand: the browser here speaks http.
async fn given(server: &Server) -> Vec<String> {
    let acme = Tenant::create(server.app(), "acme").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = read(client.get(format!("{}/sign-in", server.url())).send().await.unwrap()).await;
    let mut given = set(&page);
    let cookie = given[0].split(';').next().unwrap().to_owned();
    let field = page.text.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for (path, body) in [
        ("/sign-in".to_owned(), format!("csrf={field}&email=recruiter%40acme.example&password={PASSWORD}")),
        (format!("/c/{}", acme.chat.link), format!("csrf={field}")),
    ] {
        let form = client.post(format!("{}{path}", server.url())).header("cookie", &cookie).body(body);
        let sent = form.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        let answer = read(sent).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text);
        given.extend(set(&answer));
    }
    given
}

#[tokio::test(flavor = "multi_thread")]
async fn on_https_no_cookie_can_be_set_or_read_by_another_host_or_without_encryption() {
    let server = Server::start_with(&["--rate-limits", "off", "--public-url", "https://jobs.example"]).await;
    let given = given(&server).await;
    assert_eq!(given.len(), 3, "{given:?}");
    for cookie in given {
        assert!(cookie.starts_with("__Host-hearback_"), "{cookie}");
        for flag in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(flag), "{cookie} without {flag}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let page = Browser::open(&server).await.get("/sign-in").await;
    assert!(page.headers["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_http_cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let server = Server::start().await;
    let given = given(&server).await;
    assert_eq!(given.len(), 3, "{given:?}");
    for cookie in given {
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
        assert!(!cookie.contains("Secure"), "a browser would not send it back: {cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_else_has_planted_is_not_the_one_that_is_signed_in() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let planted = "A".repeat(43);
    for cookie in [format!("hearback_session={planted}"), acme.viewer.cookie()] {
        let browser = Browser::of(&server, &cookie).await;
        browser.sign_in("recruiter@acme.example", PASSWORD).await;
        let own = browser.cookie("hearback_session").unwrap();
        assert_ne!(format!("hearback_session={own}"), cookie);
        assert_eq!(Browser::of(&server, &cookie).await.get("/account").await.status, 303, "{cookie}");
    }
    let browser = Browser::of(&server, &format!("hearback_chat={planted}")).await;
    browser.post(&format!("/c/{}", acme.chat.link), &[]).await;
    assert_ne!(browser.cookie("hearback_chat").unwrap(), planted);
    let chat = format!("/chat/{}", acme.chat.conversation);
    assert_eq!(browser.get(&chat).await.status, 200);
    assert_eq!(Browser::of(&server, &format!("hearback_chat={planted}")).await.get(&chat).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_rests_too_long_and_at_last_in_any_case() {
    let hall = crate::harness::Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let secret = Secret::parse(&acme.recruiter.session).unwrap();
    let is_in = async || hearback::app::sessions::resume(&hall.app, &secret, HERE).await.unwrap().is_some();
    let hours = |hours| chrono::TimeDelta::from_std(Duration::from_hours(hours)).unwrap();
    let settings = &hall.app.settings;
    hall.pass(settings.session_idle - hours(1));
    assert!(is_in().await, "used in time");
    hall.pass(settings.session_idle - hours(1));
    assert!(is_in().await, "the rest is counted anew");
    hall.pass(settings.session_idle);
    assert!(!is_in().await, "rested too long");

    let owner = Tenant::create(&hall.app, "other").await.owner;
    let secret = Secret::parse(&owner.session).unwrap();
    let mut passed = hours(0);
    while passed < settings.session_absolute {
        assert!(hearback::app::sessions::resume(&hall.app, &secret, HERE).await.unwrap().is_some(), "after {passed}");
        hall.pass(hours(6));
        passed += hours(6);
    }
    assert!(hearback::app::sessions::resume(&hall.app, &secret, HERE).await.unwrap().is_none(), "for ever is too long");
}
