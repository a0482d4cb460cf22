//! What the database keeps in memory grows with it up to a bound. A long run begins there, or that growth would hide
//! another.

use futures::future::join_all;
use serde_json::json;

use crate::{
    crash::crew::House,
    harness::{Server, Socket, Tenant, act::client_id, wait::until},
};

/// Twice what the connection that writes keeps, and those that read.
const MESSAGES: usize = 6_000;
const LENGTH: usize = 10_000;

/// How many are on their way at the same time.
const AT_ONCE: usize = 100;

/// Another organization in the house, whose messages fill the caches.
pub async fn move_in(house: &mut House) -> Tenant {
    let folder = std::mem::replace(&mut house.folder, tempfile::tempdir().unwrap());
    let server = Server::start_in(folder).await;
    let other = Tenant::create(server.app(), "other").await;
    house.folder = server.stop().await;
    other
}

/// Writes, and reads by every connection, more than they keep.
pub async fn fill(url: &str, other: &Tenant) {
    let (namespace, token) = (other.namespace(), json!({ "token": other.token }));
    // Who has just written as much as one may is let in a little later.
    let enter = || {
        let try_in = || async { Socket::connect_at(url, &namespace, token.clone(), &[]).await.ok() };
        Box::pin(until("to be let in", try_in))
    };
    let (writer, conversation) = (enter().await, other.chat.conversation);
    for _ in 0..MESSAGES / AT_ONCE {
        join_all((0..AT_ONCE).map(|number| {
            let body = format!("{number:x<LENGTH$}");
            let message =
                json!({ "conversation": conversation, "client_id": client_id(), "body": body, "seen_seq": 0 });
            until("room for more", {
                let writer = &writer;
                move || {
                    let asked = writer.request("message:post", message.clone());
                    async move { (asked.await["ok"] == true).then_some(()) }
                }
            })
        }))
        .await;
        writer.forget();
    }
    let readers = join_all((0..AT_ONCE / 5).map(|_| enter())).await;
    for before in (0..MESSAGES).step_by(AT_ONCE) {
        let request = json!({ "conversation": conversation, "after_seq": before, "limit": AT_ONCE });
        join_all(readers.iter().map(|reader| {
            until("to be answered", || async {
                (reader.request("message:history", request.clone()).await["ok"] == true).then_some(())
            })
        }))
        .await;
    }
}
