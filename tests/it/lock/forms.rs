//! Requests in a person's name that the person did not send, and requests that nobody should send.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Browser, Server, Socket, Tenant, act::client_id, dump::difference, wait::until};

/// What it is, its content type, its body and its headers.
type Attempt<'a> = (&'a str, &'a str, String, &'a [(&'a str, &'a str)]);

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_the_person_did_not_send_changes_nothing() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let person = Browser::of(&server, &acme.recruiter.cookie()).await;
    let stranger = Browser::of(&server, &acme.colleague.cookie()).await;
    let path = format!("/o/acme/conversations/{}/messages", acme.chat.conversation);
    let own = person.csrf().to_owned();
    let body = |csrf: &str| format!("csrf={csrf}&client_id={}&seen_seq=0&body=hello", client_id());
    let json = json!({ "csrf": own, "client_id": client_id(), "seen_seq": 0, "body": "hello" }).to_string();
    let multipart = format!("--e\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{own}\r\n--e--\r\n");
    let origin = server.url();
    let tries: [Attempt<'_>; 12] = [
        ("no token", FORM, "seen_seq=0&body=hello".to_owned(), &[]),
        ("an empty token", FORM, body(""), &[]),
        ("another person's token", FORM, body(stranger.csrf()), &[]),
        ("a foreign origin", FORM, body(&own), &[("origin", "https://evil.example")]),
        ("an origin that begins alike", FORM, body(&own), &[("origin", &format!("{origin}.evil.example"))]),
        ("our host on another scheme", FORM, body(&own), &[("origin", &origin.replacen("http", "https", 1))]),
        ("a sandboxed frame", FORM, body(&own), &[("origin", "null"), ("sec-fetch-site", "cross-site")]),
        ("a sister site", FORM, body(&own), &[("sec-fetch-site", "same-site")]),
        ("JSON as text", "text/plain", json.clone(), &[]),
        ("JSON", "application/json", json.clone(), &[]),
        ("JSON as a form", FORM, json, &[]),
        ("a file's form", "multipart/form-data; boundary=e", multipart, &[]),
    ];
    let before = server.dump().await;
    for (what, kind, body, headers) in tries {
        let mut request = person.request(Method::POST, &path).header("content-type", kind).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = person.send(request).await;
        assert_eq!(answer.status, 403, "{what}: {}", answer.text);
    }
    let query = person.request(Method::POST, &format!("{path}?csrf={own}")).header("content-type", FORM);
    assert_eq!(person.send(query.body("seen_seq=0&body=hello")).await.status, 403, "a token in the address");
    assert!(difference(&before, &server.dump().await).is_empty());
    let sent = person.request(Method::POST, &path).header("content-type", FORM).header("origin", &origin);
    assert_eq!(person.send(sent.body(body(&own))).await.status, 303, "the person's own form");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_opens_no_socket_in_a_persons_name() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::of(&server, &acme.recruiter.cookie()).await;
    let cookie = acme.recruiter.cookie();
    let own = server.url();
    let foreign = ["https://evil.example".to_owned(), "null".to_owned(), format!("{own}.evil.example")];
    for origin in &foreign {
        let headers = [("cookie", cookie.as_str()), ("origin", origin.as_str())];
        let refused = Socket::connect(&server, "/org/acme", json!({}), &headers).await.err();
        assert_eq!(refused.as_deref(), Some("Invalid namespace"), "{origin}");
    }
    let polled = async |headers: &[(&str, &str)]| {
        let path = "/socket.io/?EIO=4&transport=polling";
        let with = |mut request: reqwest::RequestBuilder| {
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            request
        };
        let opened = browser.send(with(browser.request(Method::GET, path))).await;
        assert!(!opened.headers.contains_key("access-control-allow-origin"), "no page elsewhere reads it");
        let opened: serde_json::Value = serde_json::from_str(&opened.text[1..]).unwrap();
        let path = format!("{path}&sid={}", opened["sid"].as_str().unwrap());
        browser.send(with(browser.request(Method::POST, &path).body("40/org/acme,{}"))).await;
        // The first answer can be a ping alone.
        until("what the namespace says", || async {
            let told = browser.send(with(browser.request(Method::GET, &path))).await.text;
            told.contains("/org/acme,").then_some(told)
        })
        .await
    };
    for origin in &foreign {
        let told = polled(&[("origin", origin)]).await;
        assert!(told.contains("Invalid namespace"), "{origin}: {told}");
    }
    for headers in [&[][..], &[("sec-fetch-site", "cross-site")], &[("sec-fetch-site", "same-site")]] {
        let told = polled(headers).await;
        assert!(told.contains("Invalid namespace"), "{headers:?}: {told}");
    }
    assert!(polled(&[("origin", &own)]).await.contains("40/org/acme,{\"sid\""), "our own page");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_method_but_those_of_an_address_does_anything() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    let before = server.dump().await;
    let conversation = format!("/o/acme/conversations/{}", acme.chat.conversation);
    for path in ["/account", "/o/acme/settings", "/o/acme/projects", &conversation, &format!("/c/{}", acme.chat.link)] {
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
            let request = owner.request(method.parse().unwrap(), path).header("x-http-method-override", "POST");
            let answer = owner.send(request).await;
            // What is not for reading is refused before it is looked at.
            assert!([403, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
    for form in ["/release", "/claim", "/resolve", "/update", "/link", "/messages"] {
        let answer = owner.get(&format!("{conversation}{form}?act=revoke&status=closed&body=hello")).await;
        assert_eq!(answer.status, 405, "{form}: a link changes nothing");
    }
    assert!(difference(&before, &server.dump().await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_under_another_hosts_name_is_led_nowhere() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    let evil = |request: reqwest::RequestBuilder| {
        let request = request.header("host", "evil.example").header("x-forwarded-host", "evil.example");
        request.header("forwarded", "host=evil.example").header("x-forwarded-proto", "https")
    };
    let nobody = Browser::open(&server).await;
    for path in ["/", "/o/acme", "/account", "/admin", "/sign-in", "/nothing", &format!("/c/{}", acme.chat.link)] {
        let answer = nobody.send(evil(nobody.request(Method::GET, path))).await;
        let told = format!("{:?} {}", answer.headers, answer.text);
        assert!(!told.contains("evil.example"), "{path}: {told}");
    }
    let path = format!("/o/acme/conversations/{}/link", acme.chat.conversation);
    let form = owner.request(Method::POST, &path).header("content-type", FORM);
    let made = owner.send(evil(form.body(format!("csrf={}&act=renew", owner.csrf())))).await;
    assert!(made.text.contains(&format!("{}/c/", server.url())), "links are the public URL's: {}", made.text);
    assert!(!made.text.contains("evil.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_on_every_form() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    let large = "a".repeat(300 * 1024);
    let project = format!("/o/acme/projects/{}", acme.project.id);
    let conversation = format!("/o/acme/conversations/{}", acme.chat.conversation);
    let forms = ["/sign-in", "/setup", "/account/password", "/o/acme/settings/members", &project, &conversation];
    for path in forms {
        let path = if path == conversation { format!("{path}/messages") } else { path.to_owned() };
        assert_eq!(owner.post(&path, &[("body", &large)]).await.status, 413, "{path}");
    }
    let table = format!("name\n{}", "a candidate\n".repeat(3 * 1024 * 1024));
    assert_eq!(owner.upload(&format!("{project}/import"), &[("file", &table)]).await.status, 413);
    let cookie = format!("junk={}", "a".repeat(1024 * 1024));
    let answer = owner.send(owner.request(Method::GET, "/account").header("cookie", cookie)).await;
    assert_eq!(answer.status, 431);
}
