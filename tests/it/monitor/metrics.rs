//! What `/metrics` says, to whom, and that it is true.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use chrono::TimeDelta;
use hearback::{
    app::queue::{self, depth},
    monitor,
};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::{
    Browser, Hall, Server, Socket, Tenant,
    act::{answer, client_id, next, reply, write},
    wait::until,
};

/// Every sample as it is written, by its name and labels.
fn samples(text: &str) -> BTreeMap<&str, &str> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' ')).collect()
}

async fn metrics(server: &Server) -> String {
    Browser::open(server).await.get("/metrics").await.text
}

/// What `promtool check metrics` has against it.
fn complaints(text: &str) -> String {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_reads_every_metric_that_the_contract_names() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    socket
        .ask(
            "message:post",
            json!({ "conversation": acme.chat.conversation, "client_id": client_id(), "body": "Hello" }),
        )
        .await;
    let text = metrics(&server).await;
    assert_ne!(complaints("hearback_x_total 1 2 3\n"), "", "it can complain");
    assert_eq!(complaints(&text), "");
    let samples = samples(&text);
    for name in [
        "queue_entries{state=\"waiting\"}",
        "queue_entries{state=\"claimed\"}",
        "queue_entries{state=\"snoozed\"}",
        "queue_oldest_age_seconds{priority=\"urgent\"}",
        "queue_oldest_age_seconds{priority=\"normal\"}",
        "queue_oldest_age_seconds{priority=\"low\"}",
        "queue_leases_expired_total",
        "messages_posted_total{author=\"candidate\"}",
        "message_ack_seconds_bucket{le=\"1\"}",
        "commit_batch_size_count",
        "commit_seconds_count",
        "sockets{kind=\"candidate\"}",
        "namespaces",
        "emits_refused_total",
        "last_candidate_message_timestamp_seconds",
        "jobs{state=\"waiting\"}",
        "jobs{state=\"running\"}",
        "jobs{state=\"done\"}",
        "jobs{state=\"failed\"}",
        concat!("build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}"),
    ] {
        assert!(samples.contains_key(format!("hearback_{name}").as_str()), "{name} in\n{text}");
    }
}

#[tokio::test]
async fn the_queue_s_numbers_are_those_of_all_organizations() {
    let hall = Hall::sqlite().await;
    the_numbers_are_right(hall).await;
}

#[tokio::test]
async fn the_queue_s_numbers_are_those_of_all_organizations_on_postgresql() {
    let hall = Hall::postgres().await;
    the_numbers_are_right(hall).await;
}

async fn the_numbers_are_right(hall: Hall) {
    let app = &hall.app;
    let (acme, other) = (Tenant::create(app, "acme").await, Tenant::create(app, "other").await);
    let empty = monitor::metrics::render(app).await.unwrap();
    assert_eq!(samples(&empty)["hearback_last_candidate_message_timestamp_seconds"], "0");
    write(app, &acme.chat, "First").await;
    hall.pass(TimeDelta::seconds(30));
    write(app, &other.chat, "Second").await;
    let last = hall.clock.now();
    hall.pass(TimeDelta::seconds(12));
    let claimed = next(app, &acme.recruiter.actor).await.unwrap();
    let text = monitor::metrics::render(app).await.unwrap();
    let found = samples(&text);
    assert_eq!(found["hearback_queue_entries{state=\"waiting\"}"], "1");
    assert_eq!(found["hearback_queue_entries{state=\"claimed\"}"], "1");
    assert_eq!(found["hearback_jobs{state=\"waiting\"}"], "4", "two of each tenant");
    assert_eq!(found["hearback_queue_oldest_age_seconds{priority=\"normal\"}"], "12");
    assert_eq!(found["hearback_queue_oldest_age_seconds{priority=\"low\"}"], "0", "none waits");
    let seconds: f64 = found["hearback_last_candidate_message_timestamp_seconds"].parse().unwrap();
    assert!(
        format!("{seconds:.3}") == format!("{}.{:03}", last.unix_millis() / 1_000, last.unix_millis() % 1_000),
        "{seconds} s"
    );
    assert_eq!(found["hearback_messages_posted_total{author=\"candidate\"}"], "2");

    // The team's own message is not a candidate's, and a lease that runs out is counted.
    answer(app, &acme.recruiter.actor, &acme.chat, reply(claimed.entry.last_seq)).await.unwrap();
    next(app, &other.recruiter.actor).await.unwrap();
    hall.pass(TimeDelta::seconds(120));
    queue::sweep(app).await.unwrap();
    let text = monitor::metrics::render(app).await.unwrap();
    let found = samples(&text);
    assert_eq!(found["hearback_queue_leases_expired_total"], "1");
    assert_eq!(found["hearback_messages_posted_total{author=\"user\"}"], "1");
    assert_eq!(found["hearback_queue_entries{state=\"claimed\"}"], "0");
    assert_eq!(depth::everywhere(app).await.unwrap().last_candidate_message, Some(last));
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_and_namespaces_are_counted_as_they_come_and_go() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let program = Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
    let text = metrics(&server).await;
    let found = samples(&text);
    assert_eq!(found["hearback_sockets{kind=\"candidate\"}"], "1");
    assert_eq!(found["hearback_sockets{kind=\"api\"}"], "1");
    assert_eq!(found["hearback_namespaces"], "2", "the organization's and the operators'");
    drop((candidate, program));
    until("nobody is counted any more", || async {
        let text = metrics(&server).await;
        let found = samples(&text);
        let gone = ["candidate", "api"].map(|kind| found[format!("hearback_sockets{{kind=\"{kind}\"}}").as_str()]);
        (gone == ["0", "0"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_for_whoever_shows_the_token() {
    let server = Server::start_with(&["--metrics-token", "hush", "--trusted-proxies", "127.0.0.1"]).await;
    let browser = Browser::open(&server).await;
    let ask = |headers: &[(&str, &str)]| {
        let request = browser.request(Method::GET, "/metrics");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let browser = &browser;
        async move { browser.send(request).await.status }
    };
    assert_eq!(ask(&[]).await, StatusCode::OK, "from this machine");
    for header in ["x-forwarded-for", "x-real-ip", "forwarded"] {
        assert_eq!(ask(&[(header, "203.0.113.7")]).await, StatusCode::UNAUTHORIZED, "{header}: through a proxy");
        assert_eq!(ask(&[(header, "127.0.0.1")]).await, StatusCode::UNAUTHORIZED, "{header}: whatever it says");
    }
    let from_afar = ("x-forwarded-for", "203.0.113.7");
    assert_eq!(ask(&[from_afar, ("authorization", "Bearer hush")]).await, StatusCode::OK);
    for wrong in ["Bearer hus", "Bearer hush2", "Bearer", "Bearer ", "Basic hush", "hush"] {
        assert_eq!(ask(&[from_afar, ("authorization", wrong)]).await, StatusCode::UNAUTHORIZED, "{wrong}");
    }
}

#[tokio::test]
async fn without_a_token_nobody_from_elsewhere_reads_the_metrics() {
    let server = Server::start_with(&["--trusted-proxies", "127.0.0.1"]).await;
    let browser = Browser::open(&server).await;
    for shown in ["Bearer ", "Bearer x", "Bearer none"] {
        let request = browser.request(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.7");
        assert_eq!(browser.send(request.header("authorization", shown)).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn strangers_cannot_make_metrics_grow() {
    let server = Server::start().await;
    let browser = Browser::open(&server).await;
    let ask = async |round: usize| {
        let method = Method::from_bytes(format!("MADEUP{round}").as_bytes()).unwrap();
        browser.send(browser.request(method, &format!("/made-up/{round}"))).await;
        browser.get(&format!("/c/made-up-{round}")).await;
        samples(&metrics(&server).await).len()
    };
    ask(0).await;
    let before = ask(1).await;
    for round in 2..8 {
        assert_eq!(ask(round).await, before);
    }
}
