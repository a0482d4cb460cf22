//! The promises of delivery: CONTRACT.md, section 5.

mod delivery;
mod durability;
mod forms;
mod reading;
mod teams;

use serde_json::{Value, json};

use crate::harness::{Server, Socket, Tenant, act::client_id};

/// An organization with a candidate and a recruiter who are both there and look at the conversation.
struct Room {
    server: Server,
    acme: Tenant,
    candidate: Socket,
    recruiter: Socket,
}

impl Room {
    async fn open() -> Self {
        Self::open_on(Server::start().await).await
    }

    async fn open_on(server: Server) -> Self {
        let acme = Tenant::create(server.app(), "acme").await;
        let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
        let recruiter = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.recruiter.cookie()).await;
        recruiter.ask("conversation:open", json!({ "conversation": acme.chat.conversation })).await;
        Self { server, acme, candidate, recruiter }
    }

    fn post(&self, text: &str) -> Value {
        json!({ "conversation": self.acme.chat.conversation, "client_id": client_id(), "body": text })
    }

    /// As a member, who says what was seen.
    fn reply(&self, text: &str, seen_seq: i64) -> Value {
        let mut post = self.post(text);
        post["seen_seq"] = json!(seen_seq);
        post
    }

    fn history(&self, more: &Value) -> Value {
        let mut asked = json!({ "conversation": self.acme.chat.conversation });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    }
}

fn seqs(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|one| one["seq"].as_i64().unwrap()).collect()
}
