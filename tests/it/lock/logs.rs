//! What the log holds of each request, and what it never holds.

use reqwest::Method;
use serde_json::{Value, json};

use super::day::{ADDRESS, House, shown_to_monitors};
use crate::harness::{Browser, Process, Server, Socket, Tenant, tenant::PASSWORD, wait::until};

/// Names and addresses that stand in no canary's place.
const NAMES: [&str; 6] = ["canary", "CANARY", "acme", "elsewhere", "operator@hearback.example", ADDRESS];

fn assert_holds_none(what: &str, text: &str, secrets: &[String]) {
    for secret in secrets.iter().map(String::as_str).chain(NAMES) {
        let told: Vec<_> = text.lines().filter(|line| line.contains(secret)).take(5).collect();
        assert!(told.is_empty(), "{secret} in {what}: {}", told.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_name_address_or_secret_is_in_the_log_even_at_its_finest() {
    let house = House::build().await;
    for format in ["text", "json"] {
        let process = house.open(format).await;
        let secrets = house.live(&process, format).await;
        let log = process.logged("note:post").await;
        assert!(log.contains("/c/{token}"), "requests are logged by their pattern");
        assert!(log.contains("/admin/organizations/{organization}/suspend"), "operators' requests, too");
        assert_holds_none("the log", &log, &secrets);
        assert!(!log.contains("forged"), "nobody writes lines of their own");
        for (what, text) in shown_to_monitors(&process).await {
            assert!(text.contains("heartbeat"), "{what} is of this day: {text:.300}");
            assert_holds_none(what, &text, &secrets);
        }
        // By its end everything is handed over.
        process.terminate();
        let folder = house.folder.path().join("log");
        let (_, said) = process.ended().await;
        assert_holds_none("the output", &said, &secrets);
        let log = std::fs::read_to_string(folder).unwrap();
        assert_holds_none("the log", &log, &secrets);
        assert!(!log.contains("panicked"));
        let spans: String = house.collector.calls().into_iter().map(|call| call.body).collect();
        for part in ["service.name", "hearback", "POST /sign-in", "message:post", "commit", "job mail"] {
            assert!(spans.contains(part), "{part} is told to the collector");
        }
        assert_holds_none("the spans", &spans, &secrets);
    }
}

/// The lines of a log in JSON.
fn lines(process: &Process) -> Vec<Value> {
    process.log().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_in_an_error_page_is_that_of_the_requests_line() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let folder = server.stop().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("hearback.db"));
    let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let trigger = "CREATE TRIGGER broken BEFORE INSERT ON projects BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
    sqlx::query(trigger).execute(&mut other).await.unwrap();
    let process = Process::start(folder.path(), &["--rate-limits", "off", "--log-format", "json"]).await;
    let browser = Browser::open_at(&process.url).await;
    browser.sign_in("owner@acme.example", PASSWORD).await;
    let project = json!({ "name": "Tram driver" });
    let answers = [
        (404, browser.get("/nothing/here").await),
        (500, browser.post("/o/acme/projects", &[("name", "Tram driver")]).await),
        (404, browser.call(Method::GET, "/api/v1/nothing", &acme.token, None).await),
        (500, browser.call(Method::POST, "/api/v1/projects", &acme.token, Some(&project)).await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        let id = answer.headers["x-request-id"].to_str().unwrap();
        if answer.headers["content-type"] == "application/problem+json" {
            let problem: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(problem["reference"], id);
        } else {
            assert!(answer.text.contains(id), "{id}: {}", answer.text);
        }
        let its = until("the request's line", || async {
            let its: Vec<_> = lines(&process).into_iter().filter(|line| line["request"] == id).collect();
            (!its.is_empty()).then_some(its)
        })
        .await;
        assert_eq!((its.len(), &its[0]["status"]), (1, &json!(status)), "{its:?}");
        let causes = lines(&process).into_iter().filter(|line| line["reference"] == id).count();
        assert_eq!(causes, usize::from(status == 500), "the cause stands under the same id");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_of_a_socket_leaves_one_line() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let folder = server.stop().await;
    let process = Process::start(folder.path(), &["--rate-limits", "off", "--log-format", "json"]).await;
    let socket = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let asked = [
        ("queue:overview", json!({}), "queue:overview", "ok"),
        ("queue:overview", json!({ "made_up": 1 }), "queue:overview", "invalid"),
        ("made:up", json!({}), "unknown", "invalid"),
        ("conversation:open", json!({ "conversation": acme.project.id }), "conversation:open", "not_found"),
        ("queue:next", json!({}), "queue:next", "ok"),
    ];
    for (event, payload, ..) in &asked {
        socket.request(event, payload.clone()).await;
    }
    let told = until("the last line", || async {
        let mut all = lines(&process);
        all.retain(|line| line["message"] == "socket request");
        all.last().is_some_and(|line| line["event"] == "queue:next").then_some(all)
    })
    .await;
    let of_acme = json!(acme.organization.id);
    let told: Vec<_> = told.iter().filter(|line| line["organization"] == of_acme).collect();
    let words: Vec<_> = told.iter().map(|line| (line["event"].as_str(), line["outcome"].as_str())).collect();
    assert_eq!(words, asked.map(|(_, _, event, outcome)| (Some(event), Some(outcome))));
}
