//! What the log never holds.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Browser, Process, Server, Socket, Tenant, act::client_id, tenant::PASSWORD, wait::until};

/// Sends everything by which somebody's words or secrets come in.
async fn a_day(process: &Process, acme: &Tenant, round: &str) -> Vec<String> {
    let browser = Browser::open_at(&process.url).await;
    let agent =
        browser.request(Method::GET, "/sign-in?email=canary-query").header("user-agent", "canary-agent\r\n".trim());
    browser.send(agent.header("referer", format!("{}/c/{}", process.url, acme.chat.link))).await;
    browser.sign_in("canary@mail.example", "canary-password").await;
    browser.sign_in("canary\nERROR forged: a line", "canary-password").await;
    browser.sign_in("recruiter@acme.example", PASSWORD).await;
    let project = format!("/o/acme/projects/{}", acme.project.id);
    browser.get("/o/acme/search?q=canary-search").await;
    let (name, email) = (format!("canary-name {round}"), format!("canary-{round}@mail.example"));
    let fields = [("name", name.as_str()), ("email", email.as_str()), ("phone", "canary-phone")];
    let link = browser.post(&format!("{project}/candidates"), &fields).await;
    let link = link.text.split("/c/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.upload(&format!("{project}/import"), &[("file", "name,email\ncanary-row,canary\n")]).await;
    browser.post(&format!("/c/{link}"), &[]).await;
    browser.get(&format!("/c/{link}canary-path")).await;
    browser.post(&format!("/c/{link}/new"), &[]).await;
    let conversation = acme.chat.conversation;
    let form = [("body", "canary-body"), ("client_id", &client_id().to_string()), ("seen_seq", "0")];
    browser.post(&format!("/o/acme/conversations/{conversation}/messages"), &form).await;
    let call = json!({ "body": "canary-body", "client_id": client_id(), "seen_seq": 0, "canary-field": 1 });
    let path = format!("/api/v1/conversations/{conversation}/messages");
    browser.call(Method::POST, &path, &acme.token, Some(&call)).await;
    browser.call(Method::POST, &path, "canary-token", Some(&call)).await;

    let socket = Socket::enter_at(&process.url, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let program = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    program.ask("conversation:open", json!({ "conversation": conversation })).await;
    let post = json!({ "conversation": conversation, "client_id": client_id(), "body": "canary-body" });
    socket.ask("message:post", post).await;
    program.event("message:posted", |_| true).await;
    program
        .ask("note:post", json!({ "conversation": conversation, "client_id": client_id(), "body": "canary-note" }))
        .await;
    socket.request("canary-event", json!({ "canary-field": "canary-value" })).await;
    drop(socket.send_raw("[\"canary-broken\""));
    socket.raw("canary-frame");
    let cookies = ["hearback_session", "hearback_chat", "hearback_csrf"].map(|name| browser.cookie(name).unwrap());
    let secrets = [link, acme.chat.link.clone(), acme.token.clone(), browser.csrf().to_owned(), PASSWORD.to_owned()];
    cookies.into_iter().chain(secrets).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_name_address_or_secret_is_in_the_log_even_at_its_finest() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let folder = server.stop().await;
    for format in ["text", "json"] {
        let flags = ["--rate-limits", "off", "--log", "trace", "--log-format", format];
        let process = Process::start(folder.path(), &flags).await;
        let secrets = a_day(&process, &acme, format).await;
        let log = until("what the day has logged", || async {
            let log = process.log();
            log.contains("note:post").then_some(log)
        })
        .await;
        assert!(log.contains("/c/{token}"), "requests are logged by their pattern");
        let told: Vec<_> = log.lines().filter(|line| line.contains("canary")).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
        for secret in secrets.iter().map(String::as_str).chain(["recruiter@acme.example", "candidate acme"]) {
            let told: Vec<_> = log.lines().filter(|line| line.contains(secret)).collect();
            assert!(told.is_empty(), "{secret}: {}", told.join("\n"));
        }
        assert!(!log.contains("forged"), "nobody writes lines of their own");
        let metrics = Browser::open_at(&process.url).await.get("/metrics").await.text;
        assert!(metrics.contains("hearback_messages_posted_total{author=\"candidate\"}"), "they are of this day");
        for secret in secrets.iter().map(String::as_str).chain(["canary", "acme"]) {
            assert!(!metrics.contains(secret), "{secret} in the metrics");
        }
        assert!(!log.contains("panicked"));
    }
}
