//! What everybody in a load shares: the way to the server, the log, and when it is over.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

use super::dice::Dice;
use crate::{
    checker::{Ack, Grant, Log, Moment, Post},
    harness::{Socket, wait::within},
};

/// How far a load is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Writing,
    /// Nobody begins anything; what is on its way is brought to its end.
    Finishing,
    /// Everybody looks a last time, and leaves.
    Leaving,
}

/// One load on one server.
pub struct Load {
    url: String,
    namespace: String,
    began: Instant,
    /// The same moment, in milliseconds since 1970.
    began_at: i64,
    pub log: Mutex<Log>,
    phase: watch::Sender<Phase>,
    refusals: Mutex<BTreeMap<String, usize>>,
    resent: AtomicUsize,
    duplicates: AtomicUsize,
}

/// What became of a message that was sent.
pub enum Sent {
    /// Under this `seq` and id.
    Acknowledged(i64, Uuid),
    /// For good.
    Refused,
    /// It stays in the outbox.
    Later,
}

impl Load {
    pub fn new(url: &str, namespace: &str) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Self {
            url: url.to_owned(),
            namespace: namespace.to_owned(),
            began: Instant::now(),
            began_at: i64::try_from(since.as_millis()).unwrap(),
            log: Mutex::default(),
            phase: watch::Sender::new(Phase::Writing),
            refusals: Mutex::default(),
            resent: AtomicUsize::new(0),
            duplicates: AtomicUsize::new(0),
        }
    }

    pub fn now(&self) -> Moment {
        Moment::try_from(self.began.elapsed().as_micros()).unwrap()
    }

    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    pub fn enter_phase(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    /// How often each code was answered that a client tries again after.
    pub fn refusals(&self) -> BTreeMap<String, usize> {
        self.refusals.lock().unwrap().clone()
    }

    /// How many messages were sent again, and how many of those stood there already.
    pub fn resent(&self) -> (usize, usize) {
        (self.resent.load(Ordering::Relaxed), self.duplicates.load(Ordering::Relaxed))
    }

    /// Lets somebody in, as often as it takes; waits a little longer each time, and not as long as the others. Gives
    /// who they are.
    pub async fn enter(&self, auth: &Value, dice: &mut Dice) -> (Socket, Uuid) {
        let mut wait = 20;
        loop {
            match Socket::connect_at(&self.url, &self.namespace, auth.clone(), &[]).await {
                Ok(socket) => {
                    if let Some(ready) = socket.ready().await {
                        return (socket, uuid(&ready["actor"]["id"]));
                    }
                }
                Err(refusal) => assert_ne!(refusal, "Invalid namespace", "whoever was let in once is known"),
            }
            sleep(Duration::from_millis(wait / 2 + dice.below(wait))).await;
            wait = (wait * 2).min(500);
        }
    }

    /// Asks for something to read, which goes on whatever cannot be written; `None` when the connection breaks.
    pub async fn read(&self, socket: &Socket, event: &str, request: Value) -> Option<Value> {
        let answer = ask(socket, event, request).await?;
        assert!(answer["ok"] == true, "reading goes on: {answer}");
        Some(answer)
    }

    /// Notes a message that is about to be sent for the first time; gives its place in the log.
    pub fn write(&self, post: Post) -> usize {
        let mut log = self.log.lock().unwrap();
        log.posts.push(post);
        log.posts.len() - 1
    }

    /// Sends a message of the log; `None` when the connection breaks before the ack.
    pub async fn post(&self, socket: &Socket, place: usize, lease: Option<&str>, again: bool) -> Option<Sent> {
        let mut request = {
            let log = self.log.lock().unwrap();
            let Post { conversation, client_id, body, seen_seq, .. } = &log.posts[place];
            let mut request = json!({ "conversation": conversation, "client_id": client_id, "body": body });
            if let Some(seen_seq) = seen_seq {
                request["seen_seq"] = json!(seen_seq);
            }
            request
        };
        if let Some(lease) = lease {
            request["lease"] = json!(lease);
        }
        self.resent.fetch_add(usize::from(again), Ordering::Relaxed);
        let answer = ask(socket, "message:post", request).await?;
        let post = &mut self.log.lock().unwrap().posts[place];
        if answer["ok"] == true {
            let message = &answer["message"];
            let seq = message["seq"].as_i64().unwrap();
            assert!(again || answer["duplicate"] == false, "the first of its kind: {answer}");
            self.duplicates.fetch_add(usize::from(answer["duplicate"] == true), Ordering::Relaxed);
            let id = uuid(&message["id"]);
            post.acks.push(Ack { at: self.now(), id, seq });
            return Some(Sent::Acknowledged(seq, id));
        }
        let code = answer["error"]["code"].as_str().unwrap().to_owned();
        if matches!(code.as_str(), "claim_lost" | "claimed_by_other") {
            post.refused = Some(code);
            return Some(Sent::Refused);
        }
        assert!(matches!(code.as_str(), "busy" | "read_only" | "internal" | "rate_limited"), "{answer}");
        *self.refusals.lock().unwrap().entry(code).or_default() += 1;
        Some(Sent::Later)
    }

    /// Notes a lease that was given.
    pub fn grant(&self, conversation: Uuid, holder: Uuid, lease: &Value, asked: Moment) {
        let expires = chrono::DateTime::parse_from_rfc3339(lease["expires_at"].as_str().unwrap()).unwrap();
        let expires = Moment::try_from((expires.timestamp_millis() - self.began_at).max(0)).unwrap() * 1_000;
        let token = lease["token"].as_str().unwrap().to_owned();
        let grant = Grant { conversation, holder, token, asked, granted: self.now(), expires, ended: None };
        self.log.lock().unwrap().grants.push(grant);
    }

    /// Notes that a holder is about to give a lease back, or to handle its entry.
    pub fn end_of(&self, token: &str) {
        let now = self.now();
        let mut log = self.log.lock().unwrap();
        let grants = log.grants.iter_mut().filter(|grant| grant.token == token && grant.ended.is_none());
        grants.for_each(|grant| grant.ended = Some(now));
    }
}

/// Asks, and waits for the answer; `None` when the connection breaks before.
pub async fn ask(socket: &Socket, event: &str, request: Value) -> Option<Value> {
    within(&format!("the ack of {event} {request:.200}"), socket.send(event, &request)).await.ok()
}

pub fn uuid(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}
