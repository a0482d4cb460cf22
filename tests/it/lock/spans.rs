//! Where spans go, and that whoever takes them costs nobody anything.

use std::time::{Duration, Instant};

use axum::http::StatusCode;

use crate::harness::{
    Browser, Process, Server,
    receiver::Receiver,
    wait::{allowed, until},
};

/// Within this a stopping server has to have ended (CONTRACT.md, section 2).
const END_SECONDS: u64 = 10;

async fn stops(process: Process) {
    let began = Instant::now();
    process.terminate();
    let (status, _) = process.ended().await;
    assert!(status.success() && began.elapsed().as_secs() < END_SECONDS, "{status} after {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_where_no_collector_is_set() {
    let (folder, collector) = (Server::start().await.stop().await, Receiver::start().await);
    let process = Process::start(folder.path(), &[]).await;
    Browser::open_at(&process.url).await;
    stops(process).await;
    assert!(collector.calls().is_empty());
    let process = Process::start(folder.path(), &["--otlp-url", &collector.url]).await;
    Browser::open_at(&process.url).await;
    stops(process).await;
    let calls = collector.calls();
    assert!(calls.iter().any(|call| call.body.contains("GET /sign-in")), "what is left is handed over at the end");
    assert!(calls.iter().all(|call| call.path == "/hook/secret/v1/traces"), "{calls:?}");
    assert!(calls.iter().all(|call| call.header("content-type") == "application/x-protobuf"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_refuses_or_is_away_holds_up_nothing_and_is_told_once() {
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (hangs, refuses) = (Receiver::start().await, Receiver::start_by(|_| StatusCode::FORBIDDEN).await);
    hangs.answers(false);
    let folder = Server::start().await.stop().await;
    for url in [format!("http://canary:canary@{away}"), hangs.url.clone(), refuses.url.clone()] {
        let process = Process::start(folder.path(), &["--otlp-url", &url]).await;
        // More than one queue takes.
        for _ in 0..3 {
            Browser::open_at(&process.url).await;
        }
        let told = |log: &str| log.lines().filter(|line| line.contains("spans could not be handed over")).count();
        process.logged("spans could not be handed over").await;
        let began = Instant::now();
        Browser::open_at(&process.url).await;
        assert!(began.elapsed() < allowed(Duration::from_secs(2)), "nobody waits for it");
        stops(process).await;
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        let of_this = log.rsplit("serving").next().unwrap().to_owned();
        assert_eq!(told(&of_this), 1, "{of_this}");
        assert!(!log.contains("canary"));
    }
    until("the one that hangs to have been asked", || async { (!hangs.calls().is_empty()).then_some(()) }).await;
}
