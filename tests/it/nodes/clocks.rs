//! Servers that share a database go by its clock, whatever their own machines say.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    faults::clock::SystemClock,
    harness::{Chat, Process, Server, Socket, Tenant, act::client_id, postgres::Postgres, wait::until},
};

fn post(chat: &Chat) -> Value {
    json!({ "conversation": chat.conversation, "client_id": client_id(), "body": "Hello" })
}

fn moment(text: &Value) -> DateTime<Utc> {
    text.as_str().unwrap().parse().unwrap()
}

/// The `clock` check of `/health`.
async fn clock_check(process: &Process) -> Option<Value> {
    let answer = reqwest::get(format!("{}/health", process.url)).await.ok()?;
    let health: Value = answer.json().await.ok()?;
    health["checks"].as_object()?.iter().find(|(name, _)| name.starts_with("clock"))?.1.get(0).cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_clock_is_five_minutes_off_ends_no_claim_keeps_the_order_and_says_so() {
    let postgres = Postgres::start();
    let right = Server::start_on(&postgres).await;
    let acme = Tenant::create(right.app(), "acme").await;
    let (namespace, token) = (acme.namespace(), json!({ "token": acme.token }));
    for minutes in [5, -5] {
        let chats = [acme.add_candidate(right.app(), "first").await, acme.add_candidate(right.app(), "second").await];
        let held = acme.add_candidate(right.app(), "held").await;
        Socket::enter(&right, &namespace, json!({ "link": held.link })).await.ask("message:post", post(&held)).await;
        let recruiter = Socket::enter(&right, &namespace, token.clone()).await;
        let claim = json!({ "conversation": held.conversation });
        let before = recruiter.ask("queue:claim", claim.clone()).await;

        let folder = tempfile::tempdir().unwrap();
        let clock = SystemClock::new(folder.path());
        clock.set_ahead(TimeDelta::minutes(minutes));
        let flags = ["--rate-limits", "off", "--database-url", &postgres.url()];
        let wrong = clock.start_with(folder.path(), &flags).await;

        // What the wrong server does by itself, it does by the database's clock: the first message there goes through it.
        let there = Socket::enter_at(&wrong.url, &namespace, json!({ "link": chats[0].link })).await;
        there.ask("message:post", post(&chats[0])).await;
        let here = Socket::enter(&right, &namespace, json!({ "link": chats[1].link })).await;
        here.ask("message:post", post(&chats[1])).await;
        let program = Socket::enter_at(&wrong.url, &namespace, token.clone()).await;
        for chat in &chats {
            let next = program.ask("queue:next", json!({})).await;
            assert_eq!(next["entry"]["conversation"], json!(chat.conversation), "{minutes} minutes: the order");
            let lasts = moment(&next["lease"]["expires_at"]) - Utc::now();
            assert!((100..=121).contains(&lasts.num_seconds()), "{minutes} minutes: a lease of {lasts}");
            program.ask("queue:resolve", json!({ "conversation": chat.conversation })).await;
        }
        let after = recruiter.ask("queue:claim", claim).await;
        assert_eq!(after["lease"]["token"], before["lease"]["token"], "{minutes} minutes: the claim stands");
        recruiter.ask("queue:resolve", json!({ "conversation": held.conversation })).await;

        let check = until("the clock check", || clock_check(&wrong)).await;
        assert_eq!(check["status"], "fail", "{check}");
    }
}
