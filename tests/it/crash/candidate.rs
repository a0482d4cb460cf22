//! A candidate's browser: an outbox, one message at a time until its ack, and catching up by `seq`.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{
    dice::Dice,
    load::{Load, Phase, Sent, uuid},
};
use crate::{
    checker::{Post, View},
    harness::{Chat, Socket, act::client_id},
};

/// How much somebody writes ahead of what is acknowledged.
const OUTBOX: usize = 20;

/// After a refusal that will pass.
const PATIENCE: Duration = Duration::from_millis(200);

pub struct Candidate {
    load: Arc<Load>,
    dice: Dice,
    link: String,
    conversation: Uuid,
    /// How often a message is written.
    every: Duration,
    next: Instant,
    /// The bodies not yet acknowledged; the first may be on its way, at a place in the log.
    outbox: VecDeque<String>,
    sent: Option<usize>,
    written: usize,
    seen: BTreeMap<i64, Uuid>,
}

impl Candidate {
    pub fn new(load: Arc<Load>, chat: &Chat, every: Duration, mut dice: Dice) -> Self {
        // They do not all begin at once.
        let first = u64::try_from(every.as_millis()).unwrap().max(1);
        let next = Instant::now() + Duration::from_millis(dice.below(first));
        Self {
            load,
            dice,
            link: chat.link.clone(),
            conversation: chat.conversation.to_string().parse().unwrap(),
            every,
            next,
            outbox: VecDeque::new(),
            sent: None,
            written: 0,
            seen: BTreeMap::new(),
        }
    }

    /// Until the load is over and everything is acknowledged and read.
    pub async fn live(mut self) {
        let auth = json!({ "link": self.link });
        loop {
            let (socket, me) = self.load.enter(&auth, &mut self.dice).await;
            if self.be_there(&socket, me).await.is_some() {
                break;
            }
        }
        let view = View { conversation: self.conversation, told: self.seen.into_iter().collect() };
        self.load.log.lock().unwrap().views.push(view);
    }

    /// `None` when the connection breaks.
    async fn be_there(&mut self, socket: &Socket, me: Uuid) -> Option<()> {
        let mut again = self.sent.is_some();
        self.catch_up(socket).await?;
        loop {
            self.write();
            self.hear(socket).await?;
            if self.outbox.is_empty() {
                if self.load.phase() == Phase::Leaving {
                    return self.catch_up(socket).await;
                }
                self.wait(socket).await?;
                continue;
            }
            let place = *self.sent.get_or_insert_with(|| {
                let body = self.outbox[0].clone();
                let (conversation, sent) = (self.conversation, self.load.now());
                let client_id = client_id().to_string().parse().unwrap();
                let acks = Vec::new();
                let post =
                    Post { conversation, author: me, client_id, body, seen_seq: None, sent, acks, refused: None };
                self.load.write(post)
            });
            match self.load.post(socket, place, None, again).await? {
                Sent::Acknowledged(seq, id) => {
                    self.seen.entry(seq).or_insert(id);
                    self.outbox.pop_front();
                    self.sent = None;
                    again = false;
                    if self.dice.percent(2) {
                        // A second tab sends what the first has sent.
                        self.load.post(socket, place, None, true).await?;
                    }
                }
                Sent::Refused => panic!("a candidate's message is never refused for good"),
                Sent::Later => {
                    again = true;
                    sleep(PATIENCE).await;
                }
            }
        }
    }

    /// What was written by now, at a steady pace, whether somebody listens or not.
    fn write(&mut self) {
        let now = Instant::now();
        while self.next <= now {
            self.next += self.every;
            if self.load.phase() == Phase::Writing && self.outbox.len() < OUTBOX {
                self.written += 1;
                self.outbox.push_back(format!("message {} of {}", self.written, self.conversation));
            }
        }
    }

    async fn wait(&self, socket: &Socket) -> Option<()> {
        let until = self.next.min(Instant::now() + Duration::from_millis(50));
        tokio::select! {
            () = tokio::time::sleep_until(until) => Some(()),
            () = socket.ended() => None,
        }
    }

    /// Takes in what was announced; where that leaves a gap, asks.
    async fn hear(&mut self, socket: &Socket) -> Option<()> {
        for (event, payload) in socket.take_heard() {
            if event == "message:posted" {
                self.see(&payload["message"]);
            }
        }
        if self.last() == self.whole() { Some(()) } else { self.catch_up(socket).await }
    }

    fn see(&mut self, message: &Value) {
        self.seen.entry(message["seq"].as_i64().unwrap()).or_insert_with(|| uuid(&message["id"]));
    }

    fn last(&self) -> i64 {
        self.seen.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    /// The last `seq` before a gap.
    fn whole(&self) -> i64 {
        let count = i64::try_from(self.seen.len()).unwrap();
        if self.last() == count {
            return count;
        }
        self.seen.keys().zip(1..).find(|(seq, at)| *seq != at).map_or(count, |(_, at)| at - 1)
    }

    async fn catch_up(&mut self, socket: &Socket) -> Option<()> {
        loop {
            let request = json!({ "conversation": self.conversation, "after_seq": self.whole(), "limit": 200 });
            let answer = self.load.read(socket, "message:history", request).await?;
            let messages = answer["messages"].as_array().unwrap();
            messages.iter().for_each(|message| self.see(message));
            if answer["has_more"] == false {
                return Some(());
            }
        }
    }
}
