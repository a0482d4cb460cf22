//! Whoever has a conversation open.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::harness::{Chat, Socket};

/// Like an open page: hears, and asks for what is missing, after a gap or when it has come back.
pub async fn read(url: watch::Receiver<String>, namespace: String, chat: Chat, seen: watch::Sender<i64>) {
    loop {
        let now = url.borrow().clone();
        if let Ok(socket) = Socket::connect_at(&now, &namespace, json!({ "link": chat.link }), &[]).await {
            while hear(&socket, &chat, &seen).await.is_some() {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Asks for what is missing, then waits until there is more; `None` when the connection has ended.
async fn hear(socket: &Socket, chat: &Chat, seen: &watch::Sender<i64>) -> Option<()> {
    let after = json!({ "conversation": chat.conversation, "after_seq": *seen.borrow(), "limit": 200 });
    let answer = socket.send("message:history", &after).await.ok()?;
    answer["messages"].as_array().unwrap().iter().for_each(|message| see(seen, message));
    let next = *seen.borrow() + 1;
    tokio::select! {
        _ = socket.event("message:posted", |told| told["message"]["seq"].as_i64() >= Some(next)) => Some(()),
        () = socket.ended() => None,
    }
}

fn see(seen: &watch::Sender<i64>, message: &Value) {
    seen.send_modify(|seen| {
        assert_eq!(message["seq"], *seen + 1, "a gap");
        *seen += 1;
    });
}
