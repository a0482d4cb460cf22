//! Another organization at its daily work, and how long its acks take.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use super::stage::Stage;
use crate::harness::{Socket, act::client_id};

/// Between two messages; less often than the limits of one program.
const PACE: Duration = Duration::from_millis(12);

/// Posts in a thread of its own, so that a busy flood does not keep it from looking at the clock.
pub struct Neighbour {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Acks>,
}

/// When each message was sent, and how long its ack took.
pub struct Acks(Vec<(Instant, Duration)>);

/// How long acks took.
#[derive(Clone, Copy)]
pub struct Timing {
    pub p99: Duration,
}

impl Neighbour {
    pub fn begin(stage: &Stage) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&over);
        let url = stage.here.process.url.clone();
        let (namespace, token) = (stage.other.namespace(), stage.other.token.clone());
        let conversation = stage.other.chat.conversation;
        let work = async move {
            let program = Socket::enter_at(&url, &namespace, json!({ "token": token })).await;
            let mut acks = Vec::new();
            let mut pace = interval(PACE);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            while !is_over.load(Ordering::Relaxed) {
                pace.tick().await;
                let post = json!({ "conversation": conversation, "client_id": client_id(), "body": "Good morning", "seen_seq": 0 });
                let sent = Instant::now();
                program.ask("message:post", post).await;
                acks.push((sent, sent.elapsed()));
            }
            Acks(acks)
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { over, thread: std::thread::spawn(move || runtime.block_on(work)) }
    }

    pub async fn end(self) -> Acks {
        self.over.store(true, Ordering::Relaxed);
        tokio::task::spawn_blocking(|| self.thread.join().unwrap()).await.unwrap()
    }
}

impl Acks {
    /// What was sent in each of several groups of turns.
    pub fn split<const N: usize>(&self, turns: &[Vec<Range<Instant>>; N]) -> [Timing; N] {
        turns.each_ref().map(|turns| {
            let within = |at: &Instant| turns.iter().any(|turn| turn.contains(at));
            let mut took: Vec<_> = self.0.iter().filter(|(sent, _)| within(sent)).map(|(_, took)| *took).collect();
            took.sort_unstable();
            assert!(!took.is_empty(), "nobody was served at all");
            Timing { p99: took[(took.len() - 1) * 99 / 100] }
        })
    }
}
