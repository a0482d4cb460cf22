//! An ack means: on disk.

use serde_json::json;

use super::seqs;
use crate::harness::{Process, Server, Socket, Tenant, act::client_id, wait::within};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_kill_9_and_queued_once() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let folder = server.stop().await;
    let (namespace, conversation) = (acme.namespace(), acme.chat.conversation);
    let mut acknowledged = 0;
    for round in 1..=3 {
        let process = Process::start(folder.path(), &["--rate-limits", "off"]).await;
        let candidate = Socket::enter_at(&process.url, &namespace, json!({ "link": acme.chat.link })).await;
        let history = json!({ "conversation": conversation, "limit": 200 });
        let stored = seqs(&candidate.ask("message:history", history).await["messages"]);
        assert_eq!(stored, (1..=i64::try_from(stored.len()).unwrap()).collect::<Vec<_>>(), "no gap");
        assert!(stored.len() >= acknowledged, "round {round}: {} of {acknowledged}", stored.len());
        let program = Socket::enter_at(&process.url, &namespace, json!({ "token": acme.token })).await;
        let overview = program.ask("queue:overview", json!({ "limit": 10 })).await;
        let unread = overview["entries"][0]["unread"].as_u64().unwrap_or(0);
        assert_eq!(unread, stored.len() as u64, "message and queue entry exist together");
        assert!(overview["entries"].as_array().unwrap().len() <= 1);
        let post =
            |body: i32| json!({ "conversation": conversation, "client_id": client_id(), "body": body.to_string() });
        let sent: Vec<_> = (0..40).map(|number| candidate.send("message:post", &post(number))).collect();
        acknowledged = stored.len();
        // Killed with half of the answers still on their way.
        for ack in sent.into_iter().take(20) {
            assert_eq!(within("an ack", ack).await.unwrap()["ok"], true);
            acknowledged += 1;
        }
        drop(process);
    }
}
