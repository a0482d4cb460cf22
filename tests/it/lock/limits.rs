//! Floods: who is too fast waits, is told for how long, and hurts nobody else.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::harness::{
    Browser, Server, Socket, Tenant, act::client_id, browser::Answer, tenant::PASSWORD, wait::within,
};

const EMAIL: &str = "recruiter@acme.example";

fn retry_after(answer: &Answer) -> u64 {
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

/// Asks until it is refused for the rate. Before each time it uses up whatever `takes` still gives, as others would who ask
/// very often: a slow machine lets some come back in between.
async fn refusal(takes: impl Fn() -> bool, ask: impl AsyncFn() -> Answer) -> Answer {
    for _ in 0..100 {
        while takes() {}
        let answer = ask().await;
        if answer.status == 429 {
            return answer;
        }
    }
    panic!("it is never refused")
}

async fn wrong(browser: &Browser, email: &str, forwarded_for: &str) -> Answer {
    let body = format!("csrf={}&email={email}&password=not-my-password", browser.csrf());
    let request = browser.request(Method::POST, "/sign-in").header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.header("x-forwarded-for", forwarded_for).body(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_eleventh_wrong_password_waits_whatever_the_request_says_of_its_address() {
    let server = Server::start_with(&[]).await;
    Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    for number in 0..10 {
        assert_eq!(wrong(&browser, EMAIL, &format!("192.0.2.{number}")).await.status, 401);
    }
    let refused = wrong(&browser, EMAIL, "192.0.2.99").await;
    assert_eq!(refused.status, 429);
    assert!((80..=90).contains(&retry_after(&refused)), "{:?}", refused.headers);
    assert!(refused.text.contains("<h1>Sign in</h1>"), "a page that one can go on with");
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, 429, "also with the right one");
    assert_eq!(browser.sign_in("owner@acme.example", PASSWORD).await.status, 303, "nobody else waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_is_believed_and_what_stands_before_it_is_not() {
    let server = Server::start_with(&["--trusted-proxies", "127.0.0.0/8,10.0.0.0/8"]).await;
    Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    for number in 0..10 {
        // The client has written the first; the proxy has added the last.
        let named = format!("203.0.113.{number}, 192.0.2.1, 10.1.2.3");
        assert_eq!(wrong(&browser, EMAIL, &named).await.status, 401);
    }
    assert_eq!(wrong(&browser, EMAIL, "198.51.100.1, 192.0.2.1, 10.1.2.3").await.status, 429);
    assert_eq!(wrong(&browser, EMAIL, "192.0.2.2").await.status, 401, "another address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_signs_in_often_never_waits() {
    let server = Server::start_with(&[]).await;
    Tenant::create(server.app(), "acme").await;
    for _ in 0..25 {
        assert_eq!(Browser::open(&server).await.sign_in(EMAIL, PASSWORD).await.status, 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_candidates_messages_count_together_by_socket_and_by_form() {
    let server = Server::start_with(&[]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let other = acme.add_candidate(server.app(), "another").await;
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let post = |conversation: Value| json!({ "conversation": conversation, "client_id": client_id(), "body": "hello" });
    for _ in 0..10 {
        socket.ask("message:post", post(json!(acme.chat.conversation))).await;
    }
    let refused = socket.request("message:post", post(json!(acme.chat.conversation))).await;
    assert_eq!(refused["error"]["code"], "rate_limited");
    let wait = refused["error"]["retry_after_ms"].as_u64().unwrap();
    assert!((1..=2_000).contains(&wait), "{wait}");

    let browser = Browser::open(&server).await;
    browser.post(&format!("/c/{}", acme.chat.link), &[]).await;
    let id = client_id().to_string();
    let written = [("body", "what I typed"), ("client_id", id.as_str())];
    let form = format!("/chat/{}/messages", acme.chat.conversation);
    let by_socket = || server.app().limits.candidate_posts(acme.chat.added.candidate.id).is_ok();
    let refused = refusal(by_socket, async || browser.post(&form, &written).await).await;
    assert!(retry_after(&refused) <= 2);
    assert!(refused.text.contains(">what I typed</textarea>"), "nothing that was typed is lost");
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": other.link })).await;
    socket.ask("message:post", post(json!(other.conversation))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_links_waits_and_whoever_has_one_does_not() {
    let server = Server::start_with(&[]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    let mut refused = None;
    for number in 0..400 {
        let path = if number % 2 == 0 { "/c" } else { "/setup" };
        let answer = browser.get(&format!("{path}/{number:A>43}")).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.status, 404);
    }
    let refused = refused.expect("an end of guessing");
    assert!(retry_after(&refused) >= 1 && refused.text.contains("A moment, please"));
    for _ in 0..10 {
        assert_eq!(browser.get(&format!("/c/{}", acme.chat.link)).await.status, 200);
    }
    assert_eq!(browser.post(&format!("/c/{}", acme.chat.link), &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_connections_is_told_over_http_when_to_come_back() {
    let server = Server::start_with(&[]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    // As if the address had connected very often.
    let until_full = || (0..100_000).find(|_| server.app().limits.connects([127, 0, 0, 1].into()).is_err());
    let browser = Browser::open(&server).await;
    let mut refused = None;
    for _ in 0..50 {
        until_full().expect("a limit");
        let answer = browser.get("/socket.io/?EIO=4&transport=polling").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a refusal");
    assert_eq!(retry_after(&refused), 1);
    let problem: Value = serde_json::from_str(&refused.text).unwrap();
    assert_eq!(problem["code"], "rate_limited");
    socket.ask("message:history", json!({ "conversation": acme.chat.conversation })).await;
    assert_eq!(browser.get("/sign-in").await.status, 200, "pages are not meant");
}

/// How long an answer is waited for before the question may not have been heard.
const UNHEARD: Duration = Duration::from_secs(5);

/// Asks on an open connection to be let in once more, and gives the answer. The library drops a question that comes while
/// it has sent the answer to the one before and not yet put it away; no client on another machine is that quick.
async fn knock(connection: &mut WebSocketStream<MaybeTlsStream<TcpStream>>, namespace: &str, token: &str) -> String {
    within("an answer", async {
        loop {
            connection.send(Message::text(format!("40{namespace},{}", json!({ "token": token })))).await.unwrap();
            if let Ok(answer) = timeout(UNHEARD, answer(connection)).await {
                return answer;
            }
        }
    })
    .await
}

async fn answer(connection: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> String {
    loop {
        let heard = connection.next().await.expect("a connection").unwrap().into_text().unwrap();
        if heard.as_str() == "2" {
            connection.send(Message::text("3")).await.unwrap();
        } else if heard.starts_with("40") || heard.starts_with("44") {
            return heard.to_string();
        }
    }
}

/// A connection that is at home in one organization: one that is nowhere is ended after ten seconds, which a slow machine
/// takes for what follows.
async fn knocker(server: &Server, home: &Tenant) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
    let url = server.url().replacen("http", "ws", 1);
    let mut connection = connect_async(format!("{url}/socket.io/?EIO=4&transport=websocket")).await.unwrap().0;
    assert!(knock(&mut connection, &home.namespace(), &home.token).await.starts_with("40"));
    connection
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_knocks_with_wrong_keys_is_not_looked_at_any_more_and_cannot_tell() {
    let server = Server::start_with(&[]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let home = Tenant::create(server.app(), "home").await;
    let (namespace, wrong) = (acme.namespace(), "A".repeat(43));
    let mut connection = knocker(&server, &home).await;
    let refused = knock(&mut connection, &namespace, &wrong).await;
    assert_eq!(refused, format!("44{namespace},{}", json!({ "message": "Invalid namespace" })));
    let mut last = refused.clone();
    // On a slow machine one of them may be looked at again already.
    for round in 0..20 {
        for _ in 0..130 {
            assert_eq!(knock(&mut connection, &namespace, &wrong).await, refused);
        }
        last = knock(&mut connection, &namespace, &acme.token).await;
        if last == refused {
            break;
        }
        println!("looked at in round {round}");
        connection = knocker(&server, &home).await;
    }
    assert_eq!(last, refused, "also with the right one");
    let mut another = knocker(&server, &home).await;
    for _ in 0..90 {
        knock(&mut another, &namespace, &wrong).await;
    }
    assert!(knock(&mut another, &namespace, &acme.token).await.starts_with("40"), "nobody else waits");
    let patient = async {
        while !knock(&mut connection, &namespace, &acme.token).await.starts_with("40") {
            sleep(Duration::from_millis(50)).await;
        }
    };
    within("a look after a while", patient).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_in_and_goes_out_without_end_waits_too() {
    let server = Server::start_with(&[]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let (namespace, link) = (acme.namespace(), json!({ "link": acme.chat.link }));
    let connect = || Socket::connect(&server, &namespace, link.clone(), &[]);
    connect().await.expect("let in");
    let mut refused = None;
    for _ in 0..100 {
        // As if it had come in as often by other connections.
        while server.app().limits.asks(&acme.chat.actor).is_ok() {}
        if let Err(refusal) = connect().await {
            refused = Some(refusal);
            break;
        }
    }
    assert_eq!(refused.as_deref(), Some("unavailable"), "worth another try");
    Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_without_end_waits_by_whichever_door_and_nobody_else_does() {
    let server = Server::start_with(&[]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let browser = Browser::open(&server).await;
    browser.post(&format!("/c/{}", acme.chat.link), &[]).await;
    let reading = json!({ "conversation": acme.chat.conversation, "seq": 0 });
    let mut refused = None;
    for _ in 0..20_000 {
        let answer = socket.request("message:mark_read", reading.clone()).await;
        if answer["ok"] == false {
            refused = Some(answer);
            break;
        }
        // As if it had asked as often by other sockets.
        (0..100).for_each(|_| drop(server.app().limits.asks(&acme.chat.actor)));
    }
    let refused = refused.expect("an end of asking");
    assert_eq!(refused["error"]["code"], "rate_limited");
    assert!(refused["error"]["retry_after_ms"].as_u64().unwrap() <= 20);
    let chat = format!("/chat/{}", acme.chat.conversation);
    let asks = |actor| server.app().limits.asks(actor).is_ok();
    let page = refusal(|| asks(&acme.chat.actor), async || browser.get(&chat).await).await;
    assert_eq!(retry_after(&page), 1);
    let call = async || browser.call(Method::GET, "/api/v1/projects", &acme.token, None).await;
    assert_eq!(retry_after(&refusal(|| asks(&acme.api), call).await), 1);
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    assert_eq!(owner.get("/o/acme").await.status, 200, "the others work on");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_limits_are_off_nobody_waits() {
    let server = Server::start_with(&["--rate-limits", "off"]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    for _ in 0..15 {
        assert_eq!(wrong(&browser, EMAIL, "").await.status, 401);
    }
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    for _ in 0..40 {
        let post = json!({ "conversation": acme.chat.conversation, "client_id": client_id(), "body": "hello" });
        socket.ask("message:post", post).await;
    }
}
