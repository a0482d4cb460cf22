//! A recruiter at work: claims what comes next, renews, answers, resolves, gives back, or forgets.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    dice::Dice,
    load::{Load, Phase, Sent, ask, uuid},
};
use crate::{
    checker::{Post, Resolved},
    harness::{Socket, act::client_id},
};

/// Between two looks at an empty queue, and after a refusal that will pass.
const PAUSE: Duration = Duration::from_millis(20);

pub struct Recruiter {
    load: Arc<Load>,
    dice: Dice,
    token: String,
    me: Uuid,
    /// A reply that waits for its ack: its place in the log, and by which lease it was written.
    reply: Option<(usize, String)>,
}

/// Something in hand.
struct Held {
    conversation: Uuid,
    first_seq: i64,
    token: String,
}

impl Recruiter {
    pub fn new(load: Arc<Load>, token: &str, dice: Dice) -> Self {
        Self { load, dice, token: token.to_owned(), me: Uuid::nil(), reply: None }
    }

    /// Until nobody writes any more; what was begun is ended.
    pub async fn work(mut self) {
        let auth = json!({ "token": self.token });
        loop {
            let (socket, me) = self.load.enter(&auth, &mut self.dice).await;
            self.me = me;
            if self.be_there(&socket).await.is_some() {
                return;
            }
        }
    }

    /// `None` when the connection breaks.
    async fn be_there(&mut self, socket: &Socket) -> Option<()> {
        if self.reply.is_some() {
            self.send(socket, true).await?;
        }
        for conversation in self.mine(socket).await? {
            if let Some(held) = self.take(socket, "queue:claim", json!({ "conversation": conversation })).await? {
                self.handle(socket, held).await?;
            }
        }
        while self.load.phase() == Phase::Writing {
            match self.take(socket, "queue:next", json!({})).await? {
                Some(held) => self.handle(socket, held).await?,
                None => sleep(PAUSE).await,
            }
            socket.forget();
        }
        Some(())
    }

    /// What the page shows as one's own, after coming back.
    async fn mine(&self, socket: &Socket) -> Option<Vec<Uuid>> {
        let overview = self.load.read(socket, "queue:overview", json!({ "limit": 200 })).await?;
        let me = self.me.to_string();
        let entries = overview["entries"].as_array().unwrap();
        let mine = entries.iter().filter(|entry| entry["claimed_by"]["id"] == me.as_str());
        Some(mine.map(|entry| uuid(&entry["conversation"])).collect())
    }

    /// Claims; `Some(None)` when there is nothing to claim, or not now.
    async fn take(&self, socket: &Socket, how: &str, request: Value) -> Option<Option<Held>> {
        let asked = self.load.now();
        let answer = ask(socket, how, request).await?;
        if answer["ok"] != true || answer["entry"].is_null() {
            return Some(None);
        }
        let conversation = uuid(&answer["entry"]["conversation"]);
        self.load.grant(conversation, self.me, &answer["lease"], asked);
        let token = answer["lease"]["token"].as_str().unwrap().to_owned();
        Some(Some(Held { conversation, first_seq: answer["entry"]["first_seq"].as_i64().unwrap(), token }))
    }

    async fn handle(&mut self, socket: &Socket, held: Held) -> Option<()> {
        let Held { conversation, first_seq, token } = held;
        let request = json!({ "conversation": conversation, "after_seq": first_seq - 1, "limit": 50 });
        let history = self.load.read(socket, "message:history", request).await?;
        let messages = history["messages"].as_array().unwrap();
        let seen_seq = messages.last().map_or(first_seq, |message| message["seq"].as_i64().unwrap());
        let lease = json!({ "conversation": conversation, "lease": token });
        if self.dice.percent(25) {
            let asked = self.load.now();
            let answer = ask(socket, "queue:renew", lease.clone()).await?;
            if answer["ok"] == true {
                self.load.grant(conversation, self.me, &answer["lease"], asked);
            }
        }
        match self.dice.below(100) {
            0..70 => {
                self.reply = Some((self.write(conversation, seen_seq), token.clone()));
                self.load.end_of(&token);
                self.send(socket, false).await?;
                // What came in meanwhile stays in hand; somebody else may have it.
                ask(socket, "queue:release", lease).await?;
            }
            70..85 => {
                self.load.end_of(&token);
                self.resolve(socket, conversation, lease).await?;
            }
            85..95 => {
                self.load.end_of(&token);
                ask(socket, "queue:release", lease).await?;
            }
            // Forgotten: the lease runs out.
            _ => {}
        }
        Some(())
    }

    fn write(&self, conversation: Uuid, seen_seq: i64) -> usize {
        self.load.write(Post {
            conversation,
            author: self.me,
            client_id: client_id().to_string().parse().unwrap(),
            body: format!("an answer to {seen_seq}"),
            seen_seq: Some(seen_seq),
            sent: self.load.now(),
            acks: Vec::new(),
            refused: None,
        })
    }

    /// Sends the reply until it is acknowledged, or refused because its lease is lost.
    async fn send(&mut self, socket: &Socket, mut again: bool) -> Option<()> {
        while let Some((place, lease)) = &self.reply {
            match self.load.post(socket, *place, Some(lease), again).await? {
                Sent::Acknowledged(..) | Sent::Refused => self.reply = None,
                Sent::Later => sleep(PAUSE).await,
            }
            again = true;
        }
        Some(())
    }

    async fn resolve(&self, socket: &Socket, conversation: Uuid, lease: Value) -> Option<()> {
        let sent = self.load.now();
        let answer = ask(socket, "queue:resolve", lease).await;
        let acknowledged = answer.as_ref().is_some_and(|answer| answer["ok"] == true);
        if answer.is_none() || acknowledged {
            let resolved = Resolved { conversation, sent, ended: self.load.now(), acknowledged };
            self.load.log.lock().unwrap().resolved.push(resolved);
        }
        answer.map(drop)
    }
}
