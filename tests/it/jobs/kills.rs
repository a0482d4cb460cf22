//! The real program is killed, or told to stop, while it does a job.

use std::path::Path;

use axum::http::StatusCode;
use hearback::{
    app::{App, Settings, jobs, limits::Limits},
    clock::Clock,
    domain::job::{JobState, NewJob},
    store::{Announcing, Pools, Store},
};
use tokio::task::JoinHandle;

use super::{SECRET, call};
use crate::harness::{
    Process, Server,
    act::schedule,
    receiver::Receiver,
    wait::{until, within},
};

/// The use cases on a folder's database, while nobody serves it, and what ends once they are dropped.
async fn beside(folder: &Path) -> (App, JoinHandle<()>) {
    let pools = Pools::open(&format!("sqlite://{}", folder.join("hearback.db").display())).await.unwrap();
    pools.migrate().await.unwrap();
    let (clock, metrics) = (Clock::system(), std::sync::Arc::default());
    let (store, writer) = Store::start(pools, clock.clone(), Announcing::Nobody, std::sync::Arc::clone(&metrics));
    let (limits, settings) = (Limits::new(false).into(), Settings::default().into());
    (App { store, clock, limits, settings, metrics }, writer)
}

async fn until_done(url: &str) {
    until("the job to be done", || async {
        let metrics = reqwest::get(format!("{url}/metrics")).await.unwrap().text().await.unwrap();
        metrics.contains("hearback_jobs{state=\"done\"} 1\n").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_survives_a_kill_and_is_done_once_it_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let (app, writer) = beside(folder.path()).await;
    let id = schedule(&app, NewJob::now(call("alert.fired"))).await.to_string();
    drop(app);
    writer.await.unwrap();
    let receiver = Receiver::start().await;
    receiver.answers(false);
    let flags = ["--alert-webhook-url", &receiver.url, "--alert-webhook-secret", SECRET];
    let mut process = Process::start(folder.path(), &flags).await;
    for kill in 1..=3 {
        receiver.called("alert.fired", kill).await;
        process.kill_and_spawn();
    }
    // It is taken again at once, since nobody else can hold it on SQLite, and each time under its first name.
    let ids = receiver.called("alert.fired", 4).await;
    assert!(ids.iter().all(|called| *called == id), "{ids:?}");
    receiver.answers(true);
    until_done(&process.url).await;
    let log = process.log();
    assert!(!log.contains("hook/secret") && !log.contains("whsec_"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_finishes_what_it_does_and_begins_nothing() {
    let receiver = Receiver::start_by(|_| StatusCode::OK).await;
    receiver.answers(false);
    let flags = ["--alert-webhook-url", &receiver.url, "--alert-webhook-secret", SECRET];
    let server = Server::start_with(&flags).await;
    for _ in 0..6 {
        schedule(server.app(), NewJob::now(call("alert.fired"))).await;
    }
    receiver.called("alert.fired", 4).await;
    let url = server.url();
    let stopping = tokio::spawn(server.stop());
    until("the server to stop", || async {
        reqwest::get(format!("{url}/readyz")).await.map_or(Some(()), |answer| (answer.status() != 200).then_some(()))
    })
    .await;
    receiver.answers(true);
    let folder = within("the server to have stopped", stopping).await.unwrap();
    let (app, _) = beside(folder.path()).await;
    let counts = jobs::counts(&app).await.unwrap();
    assert_eq!((counts.of(JobState::Done), counts.of(JobState::Running), counts.of(JobState::Waiting)), (4, 0, 2));
}
