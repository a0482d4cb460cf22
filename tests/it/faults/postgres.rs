//! PostgreSQL is killed and comes back.

use std::time::{Duration, Instant};

use serde_json::json;

use super::Writer;
use crate::harness::{
    Server, Socket, Tenant,
    postgres::Postgres,
    wait::{allowed, within},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_postgresql_was_killed_is_there_and_writing_comes_back() {
    let mut postgres = Postgres::own();
    let server = Server::start_on(&postgres).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let recruiter = Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
    recruiter.ask("conversation:open", json!({ "conversation": acme.chat.conversation })).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&server.url()).await;
    for round in 1..=3 {
        for _ in 0..20 {
            writer.write(&socket, 100).await.unwrap();
        }
        postgres.kill();
        // It is refused, or the answer waits for whoever comes back; an outbox sends it again either way.
        let message = writer.next(100);
        let first = socket.send("message:post", &message);
        postgres.start_again();
        let back = Instant::now();
        let answer = within("an answer", first).await.unwrap();
        if writer.heard(&message, &answer).is_err() {
            writer.insist(&socket, &message).await;
        }
        assert!(back.elapsed() < allowed(Duration::from_secs(5)), "round {round}: {:?}", back.elapsed());
        let last = writer.acknowledged();
        recruiter.event("message:posted", |told| told["message"]["seq"] == last).await;
        assert_eq!(reqwest::get(format!("{}/readyz", server.url())).await.unwrap().status(), 200);
    }
    let history = json!({ "conversation": acme.chat.conversation, "limit": 200 });
    let stored = recruiter.ask("message:history", history).await;
    let stored = stored["messages"].as_array().unwrap();
    assert_eq!(stored.len(), writer.log.posts.len(), "each once");
    for (post, message) in writer.log.posts.iter().zip(stored) {
        assert_eq!((json!(post.acks[0].seq), json!(post.body)), (message["seq"].clone(), message["body"].clone()));
    }
}
