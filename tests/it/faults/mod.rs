//! The fault table of SAFETY.md, as far as one machine can do it in seconds; kills stand in `crash`. What needs a disk of
//! its own stands in [`mounted`].
//!
//! What one machine cannot show, or not this one: nodes cut off from each other by a network of their own (the second node
//! shares the machine's; `network` cuts clients off instead), and disks that lose single blocks without a word, for which
//! its kernel has no device-mapper. Jobs that always fail, and nodes that die with one, stand in [`crate::jobs`].
//!
//! Full sizes are set by variables: `HEARBACK_FAULT_DEAF` sockets that never read, `HEARBACK_FAULT_CLIENTS` clients that
//! come back, `HEARBACK_FAULT_KILLS` killed migrations, `HEARBACK_FAULT_ERRORS` rounds of failing calls,
//! `HEARBACK_FAULT_LEASE` seconds of a lease while the clock leaps, `HEARBACK_FAULT_WRITERS` on a slow disk.

pub mod clock;
mod damage;
mod database;
mod descriptors;
pub mod failing;
mod migration;
mod mounted;
mod network;
mod postgres;
mod queue;
mod reader;
mod slow_disk;
mod sockets;

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use hearback::domain::ids::Id;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    checker::{Ack, Log, Post, Stored, require_none},
    harness::{Browser, Server, Socket, Tenant, browser::Answer, wait::PATIENCE},
};

/// How many of something, unless a variable says otherwise.
fn number_of(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |number| number.parse().expect("a number"))
}

/// What a process has to be started with to hear lies from the system: the C file of that name, built into `folder`.
pub fn preload(name: &str, folder: &Path) -> String {
    let source = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faults/{}.c"), name);
    let library = folder.join(format!("{name}.so"));
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).args([&source, "-ldl"]).status();
    assert!(built.unwrap().success());
    format!("LD_PRELOAD={}", library.display())
}

/// What a writer is told while the store takes nothing.
const REFUSALS: [&str; 2] = ["busy", "read_only"];

/// An organization in a database that nobody serves at the moment.
pub async fn house() -> (Tenant, TempDir) {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    (acme, server.stop().await)
}

/// A candidate who writes one message after the other and remembers which were acknowledged.
struct Writer<'a> {
    acme: &'a Tenant,
    log: Log,
    sent: u64,
}

impl<'a> Writer<'a> {
    fn of(acme: &'a Tenant) -> Self {
        Self { acme, log: Log::default(), sent: 0 }
    }

    async fn enter(&self, url: &str) -> Socket {
        Socket::enter_at(url, &self.acme.namespace(), json!({ "link": self.acme.chat.link })).await
    }

    /// The next message, of that length.
    fn next(&mut self, length: usize) -> Value {
        self.sent += 1;
        let body = format!("{:x<length$}", self.sent);
        json!({ "conversation": self.acme.chat.conversation, "client_id": Uuid::new_v4(), "body": body })
    }

    /// Sends the latest message, perhaps again; gives the code of a refusal.
    async fn post(&mut self, socket: &Socket, message: &Value) -> Result<(), String> {
        let answer = socket.request("message:post", message.clone()).await;
        self.heard(message, &answer)
    }

    fn heard(&mut self, message: &Value, answer: &Value) -> Result<(), String> {
        if let Some(code) = answer["error"]["code"].as_str() {
            return Err(code.to_owned());
        }
        let seq = answer["message"]["seq"].as_i64().unwrap();
        let id = serde_json::from_value(answer["message"]["id"].clone()).unwrap();
        self.log.posts.push(Post {
            conversation: self.acme.chat.conversation.uuid(),
            author: self.acme.chat.added.candidate.id.uuid(),
            client_id: serde_json::from_value(message["client_id"].clone()).unwrap(),
            body: message["body"].as_str().unwrap().to_owned(),
            seen_seq: None,
            sent: 2 * self.sent,
            acks: vec![Ack { at: 2 * self.sent + 1, id, seq }],
            refused: None,
        });
        Ok(())
    }

    async fn write(&mut self, socket: &Socket, length: usize) -> Result<(), String> {
        let message = self.next(length);
        self.post(socket, &message).await
    }

    /// Sends it again and again, as an outbox does; gives how long it took.
    async fn insist(&mut self, socket: &Socket, message: &Value) -> Duration {
        let began = Instant::now();
        while let Err(code) = self.post(socket, message).await {
            assert!(REFUSALS.contains(&code.as_str()), "{code}");
            assert!(began.elapsed() < PATIENCE, "it never came back");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        began.elapsed()
    }

    /// How many messages were acknowledged.
    fn acknowledged(&self) -> i64 {
        i64::try_from(self.log.posts.len()).unwrap()
    }

    /// The file holds what was acknowledged, by the rules of the checker, and nothing that was refused.
    async fn require_kept(&self, file: &Path) {
        let stored = Stored::read(file).await;
        require_none(&stored, &self.log);
        let messages: usize = stored.0.values().map(|conversation| conversation.messages.len()).sum();
        assert_eq!(messages, self.log.posts.len(), "what was refused is not there");
    }
}

/// Everything that is shown without writing.
async fn assert_reading_works(acme: &Tenant, url: &str, socket: &Socket) {
    let browser = Browser::of_at(url, &acme.recruiter.cookie()).await;
    let conversation = format!("/o/acme/conversations/{}", acme.chat.conversation);
    for path in ["/o/acme", &conversation, "/o/acme/search?q=anything"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    assert_eq!(rest(&browser, acme, "GET", None).await.status, 200);
    let history = json!({ "conversation": acme.chat.conversation, "limit": 10 });
    assert_eq!(socket.request("message:history", history).await["ok"], true);
}

/// Whoever writes is told in a way that fits the door; `codes` are those that may be said.
async fn assert_writing_is_refused(acme: &Tenant, url: &str, codes: &[&str]) {
    let browser = Browser::of_at(url, &acme.recruiter.cookie()).await;
    let form = format!("/o/acme/conversations/{}/messages", acme.chat.conversation);
    let client = Uuid::new_v4().to_string();
    let fields = [("body", "hello"), ("client_id", &client), ("seen_seq", "0")];
    let page = browser.post(&form, &fields).await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("at the moment") && page.text.contains("try again"), "it is said in words");
    assert!(page.text.contains(">hello</textarea>"), "what was written is kept");
    assert_programs_are_refused(acme, &browser, codes).await;
}

/// The same for programs and for whoever watches the process.
async fn assert_programs_are_refused(acme: &Tenant, browser: &Browser, codes: &[&str]) {
    let message = json!({ "client_id": Uuid::new_v4(), "body": "hello", "seen_seq": 0 });
    let problem = rest(browser, acme, "POST", Some(&message)).await;
    assert_eq!(problem.status, 503, "{problem:?}");
    let problem: Value = serde_json::from_str(&problem.text).unwrap();
    assert!(codes.contains(&problem["code"].as_str().unwrap()), "{problem}");
    assert_eq!(browser.get("/readyz").await.status, 503);
    assert_eq!(browser.get("/livez").await.status, 200);
}

async fn rest(browser: &Browser, acme: &Tenant, method: &str, body: Option<&Value>) -> Answer {
    let path = format!("/api/v1/conversations/{}/messages", acme.chat.conversation);
    browser.call(method.parse().unwrap(), &path, &acme.token, body).await
}
