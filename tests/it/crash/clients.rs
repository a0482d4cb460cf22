//! Clients that behave like our pages: an outbox kept until the ack, the same `client_id` when sent again, and what was
//! missed asked for by `seq`.

use std::{
    collections::VecDeque,
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

use super::{
    LEASE_SECONDS,
    log::{Acked, Held, Log, Told},
};
use crate::harness::{Chat, Socket};

/// How often a candidate writes.
const EVERY: Duration = Duration::from_millis(120);
/// How long an answer is waited for before the connection counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// Choices that a seed gives again.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn unforeseen() -> u64 {
        Uuid::new_v4().as_u64_pair().0
    }

    /// Splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn within(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    pub fn another(&mut self) -> Self {
        Self(self.next())
    }
}

/// What all clients share.
pub struct Ground {
    url: watch::Sender<String>,
    namespace: String,
    log: Mutex<Log>,
    ticks: AtomicU64,
    writing: AtomicBool,
}

impl Ground {
    pub fn new(url: &str, namespace: &str, log: Log) -> Self {
        Self {
            url: watch::Sender::new(url.to_owned()),
            namespace: namespace.to_owned(),
            log: Mutex::new(log),
            ticks: AtomicU64::new(1),
            writing: AtomicBool::new(true),
        }
    }

    /// The server has come back there.
    pub fn moved_to(&self, url: &str) {
        self.url.send_replace(url.to_owned());
    }

    /// Nobody writes anything new; what is in the outboxes still goes out.
    pub fn stop_writing(&self) {
        self.writing.store(false, Ordering::Relaxed);
    }

    fn is_writing(&self) -> bool {
        self.writing.load(Ordering::Relaxed)
    }

    pub fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }

    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::SeqCst)
    }

    /// Comes in, however long it takes.
    async fn connect(&self, auth: &Value) -> Socket {
        loop {
            let url = self.url.borrow().clone();
            if let Ok(socket) = Socket::connect_at(&url, &self.namespace, auth.clone(), &[]).await {
                return socket;
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    fn told(&self, message: &Value) {
        let told = Told { conversation: id(&message["conversation"]), seq: seq(message), id: id(&message["id"]) };
        self.log.lock().unwrap().told.push(told);
    }

    fn acked(&self, sent: u64, message: &Value) {
        let acked = Acked {
            conversation: id(&message["conversation"]),
            client_id: id(&message["client_id"]),
            body: message["body"].as_str().unwrap().to_owned(),
            seq: seq(message),
            sent,
            answered: self.tick(),
        };
        self.log.lock().unwrap().acked.push(acked);
    }

    /// A lease was given or renewed.
    fn holds(&self, conversation: Uuid, lease: &Value) {
        let token = lease["token"].as_str().unwrap();
        let until = millis(&lease["expires_at"]);
        let log = &mut self.log.lock().unwrap().held;
        match log.iter_mut().find(|held| held.token == token) {
            Some(held) => held.until = held.until.max(until),
            None => {
                let from = until - LEASE_SECONDS * 1_000;
                log.push(Held { conversation, token: token.to_owned(), from, until, ended: None });
            }
        }
    }

    /// Its holder is about to do what may end it.
    fn lets_go(&self, token: &str) {
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
        let held = &mut self.log.lock().unwrap().held;
        let held = held.iter_mut().find(|held| held.token == token).unwrap();
        held.ended.get_or_insert(now);
    }
}

fn id(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

fn seq(message: &Value) -> i64 {
    message["seq"].as_i64().unwrap()
}

fn millis(time: &Value) -> i64 {
    chrono::DateTime::parse_from_rfc3339(time.as_str().unwrap()).unwrap().timestamp_millis()
}

/// The answer, or `None` when the connection went.
async fn ask(socket: &Socket, event: &str, payload: &Value) -> Option<Value> {
    timeout(PATIENCE, socket.send(event, payload)).await.ok()?.ok()
}

struct Writer {
    ground: Arc<Ground>,
    chat: Chat,
    author: String,
    outbox: VecDeque<(Value, Option<u64>)>,
    last_seq: i64,
    written: u64,
}

/// Writes until it is told to stop, then until its outbox is empty.
pub async fn candidate(ground: Arc<Ground>, chat: Chat, mut dice: Dice) {
    let auth = json!({ "link": chat.link });
    let author = format!("candidate {}", chat.conversation);
    sleep(Duration::from_millis(dice.within(0..120))).await;
    let mut writer = Writer { ground, chat, author, outbox: VecDeque::new(), last_seq: 0, written: 0 };
    let mut next = Instant::now();
    while writer.ground.is_writing() || !writer.outbox.is_empty() {
        let socket = writer.ground.connect(&auth).await;
        if writer.catch_up(&socket).await.is_some() {
            writer.write(&socket, &mut next).await;
        }
        writer.hear(&socket);
    }
}

impl Writer {
    /// One after the other, until the connection goes or there is nothing left to do.
    async fn write(&mut self, socket: &Socket, next: &mut Instant) -> Option<()> {
        loop {
            while self.ground.is_writing() && *next <= Instant::now() {
                *next += EVERY;
                self.written += 1;
                let body = format!("{} of {}", self.written, self.author);
                let message =
                    json!({ "conversation": self.chat.conversation, "client_id": Uuid::new_v4(), "body": body });
                self.outbox.push_back((message, None));
            }
            let Some((message, sent)) = self.outbox.front_mut() else {
                if !self.ground.is_writing() {
                    return None;
                }
                tokio::time::sleep_until(*next).await;
                continue;
            };
            let sent = *sent.get_or_insert_with(|| self.ground.tick());
            let answer = ask(socket, "message:post", message).await?;
            assert_eq!(answer["ok"], true, "{answer}");
            self.ground.acked(sent, &answer["message"]);
            self.outbox.pop_front();
        }
    }

    async fn catch_up(&mut self, socket: &Socket) -> Option<()> {
        loop {
            let after = json!({ "conversation": self.chat.conversation, "after_seq": self.last_seq, "limit": 200 });
            let answer = ask(socket, "message:history", &after).await?;
            for message in answer["messages"].as_array().unwrap() {
                assert_eq!(seq(message), self.last_seq + 1, "a gap in {answer}");
                self.last_seq += 1;
                self.ground.told(message);
            }
            if answer["has_more"] != true {
                return Some(());
            }
        }
    }

    /// What the lost connection had told by events.
    fn hear(&self, socket: &Socket) {
        socket.heard("message:posted").iter().for_each(|event| self.ground.told(&event["message"]));
    }
}

struct Answerer {
    ground: Arc<Ground>,
    author: String,
    dice: Dice,
    /// The reply that has no answer yet.
    outbox: Option<(Value, u64)>,
}

/// Claims what waits, answers most of it, and sometimes goes silent.
pub async fn recruiter(ground: Arc<Ground>, token: String, mut dice: Dice) {
    let auth = json!({ "token": token });
    let author = format!("recruiter {}", dice.next());
    let mut answerer = Answerer { ground, author, dice, outbox: None };
    while answerer.has_work() {
        let socket = answerer.ground.connect(&auth).await;
        while answerer.has_work() && answerer.turn(&socket).await.is_some() {}
    }
}

impl Answerer {
    fn has_work(&self) -> bool {
        self.ground.is_writing() || self.outbox.is_some()
    }

    /// Does one thing; `None` when the connection went.
    async fn turn(&mut self, socket: &Socket) -> Option<()> {
        self.send(socket).await?;
        let claimed = ask(socket, "queue:next", &json!({})).await?;
        let (entry, lease) = (&claimed["entry"], &claimed["lease"]);
        if entry.is_null() {
            sleep(Duration::from_millis(20)).await;
            return Some(());
        }
        let conversation = id(&entry["conversation"]);
        self.ground.holds(conversation, lease);
        let token = lease["token"].as_str().unwrap();
        let held = json!({ "conversation": conversation, "lease": token });
        match self.dice.within(0..10) {
            0 => return Some(()),
            1 => {
                let answer = ask(socket, "queue:renew", &held).await?;
                if answer["ok"] == true {
                    self.ground.holds(conversation, &answer["lease"]);
                }
            }
            2 => {
                self.ground.lets_go(token);
                let done = json!({ "conversation": conversation, "lease": token, "seen_seq": entry["last_seq"] });
                return ask(socket, "queue:resolve", &done).await.map(drop);
            }
            3 => {
                self.ground.lets_go(token);
                return ask(socket, "queue:release", &held).await.map(drop);
            }
            _ => {}
        }
        sleep(Duration::from_millis(self.dice.within(0..30))).await;
        self.ground.lets_go(token);
        let reply = json!({
            "conversation": conversation,
            "client_id": Uuid::new_v4(),
            "body": format!("an answer by {}", self.author),
            "seen_seq": entry["last_seq"],
            "lease": token,
        });
        self.outbox = Some((reply, self.ground.tick()));
        self.send(socket).await?;
        // What came in meanwhile is for whoever is free next.
        ask(socket, "queue:release", &held).await.map(drop)
    }

    async fn send(&mut self, socket: &Socket) -> Option<()> {
        let Some((reply, sent)) = &self.outbox else { return Some(()) };
        let answer = ask(socket, "message:post", reply).await?;
        match answer["error"]["code"].as_str() {
            None => self.ground.acked(*sent, &answer["message"]),
            // The server was away for longer than the lease lasted.
            Some(code) => assert!(["claim_lost", "claimed_by_other"].contains(&code), "{answer}"),
        }
        self.outbox = None;
        Some(())
    }
}
