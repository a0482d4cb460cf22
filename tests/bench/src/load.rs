//! Candidates who write, each one message at a time: the next goes out when the one before is acknowledged, as in the
//! candidate's page.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    random::Random,
    socket::{Packet, Socket},
    system::Stage,
};

/// How fast they write.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As fast as they are answered.
    Saturated,
    /// So many messages a second together.
    PerSecond(f64),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Acknowledged messages a second.
    pub rate: f64,
    /// The server's CPU time for a message, in microseconds.
    pub cpu_us: f64,
    /// Half of the acks came within this, in milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred did.
    pub p99_ms: f64,
}

#[derive(Default)]
struct Tally {
    measuring: AtomicBool,
    stopped: AtomicBool,
    acks: AtomicU64,
}

/// Keeps this process awake for as long as it lives.
///
/// Whoever sends to a process that sleeps wakes it, and on one machine that is charged to the sender. A server that is a
/// little slower than its clients meets them asleep each time, one that is a little faster never; elsewhere the clients are
/// on machines of their own.
#[derive(Debug)]
pub struct Awake {
    /// They end with it.
    _spinning: JoinSet<()>,
}

impl Awake {
    /// Begins to.
    pub fn keep() -> Self {
        let mut spinning = JoinSet::new();
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            spinning.spawn(async {
                loop {
                    tokio::task::yield_now().await;
                }
            });
        }
        Self { _spinning: spinning }
    }
}

/// Connects every candidate of the stage and one listening recruiter, lets them write, and measures after the warm-up.
pub async fn post(stage: &Stage, pace: Pace, warm_up: Duration, measured: Duration) -> Result<Posting> {
    let mut listener = stage.recruiter().await?;
    let sockets = connect_all(stage).await?;
    let tally = Arc::new(Tally::default());
    let interval = match pace {
        Pace::Saturated => Duration::ZERO,
        Pace::PerSecond(rate) => Duration::from_secs_f64(f64::from(u32::try_from(sockets.len())?) / rate),
    };
    let heard = tokio::spawn(async move {
        let mut heard = 0_u64;
        while let Ok(Ok(Packet::Event(_))) = tokio::time::timeout(Duration::from_secs(2), listener.next()).await {
            heard += 1;
        }
        heard
    });
    let mut writers = JoinSet::new();
    let count = u32::try_from(sockets.len())?;
    for (number, (socket, chat)) in (0_u32..).zip(sockets.into_iter().zip(stage.chats())) {
        let mut random = Random::new(u64::from(number));
        // Made beforehand, so that making them costs little while the server is measured; used in turns, with new ids.
        let texts: Vec<String> = (0..8).map(|_| stage.message(chat, &mut random)).collect();
        let writer = Writer { socket, texts, random, tally: Arc::clone(&tally) };
        writers.spawn(writer.write(interval * number / count, interval));
    }
    sleep(warm_up).await;
    let (acks, cpu, begun) = (tally.acks.load(Ordering::Relaxed), stage.process.cpu()?, Instant::now());
    tally.measuring.store(true, Ordering::Relaxed);
    sleep(measured).await;
    tally.measuring.store(false, Ordering::Relaxed);
    let (acked, used) = (tally.acks.load(Ordering::Relaxed) - acks, stage.process.cpu()? - cpu);
    let took = begun.elapsed().as_secs_f64();
    tally.stopped.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    let mut sent = 0;
    while let Some(written) = writers.join_next().await {
        let (own, count) = written??;
        latencies.extend(own);
        sent += count;
    }
    let heard = heard.await?;
    ensure!(acked > 0, "{}: nothing was acknowledged", stage.system.name());
    ensure!(heard == sent, "{}: of {sent} messages the listener was told {heard}", stage.system.name());
    latencies.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "far from 2^52")]
    let acked = acked as f64;
    let (p50_ms, p99_ms) = (percentile(&latencies, 50), percentile(&latencies, 99));
    Ok(Posting { rate: acked / took, cpu_us: used * 1e6 / acked, p50_ms, p99_ms })
}

/// Connects every candidate.
pub async fn connect_all(stage: &Stage) -> Result<Vec<Socket>> {
    stream::iter(stage.chats()).map(|chat| stage.candidate(chat)).buffered(32).try_collect().await
}

/// Of sorted microseconds, in milliseconds.
pub fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    f64::from(sorted.get(at).copied().unwrap_or(0)) / 1e3
}

struct Writer {
    socket: Socket,
    texts: Vec<String>,
    random: Random,
    tally: Arc<Tally>,
}

impl Writer {
    /// Writes until it is stopped; gives the microseconds that acks took while measuring, and how many were sent at all.
    async fn write(mut self, offset: Duration, interval: Duration) -> Result<(Vec<u32>, u64)> {
        let (mut latencies, mut sent) = (Vec::with_capacity(4096), 0_u64);
        let mut due = tokio::time::Instant::now() + offset;
        let mut turn = 0;
        while !self.tally.stopped.load(Ordering::Relaxed) {
            if !interval.is_zero() {
                tokio::time::sleep_until(due).await;
                due += interval;
            }
            turn = (turn + 1) % self.texts.len();
            renew(&mut self.texts[turn], &mut self.random);
            let begun = Instant::now();
            let answer = self.socket.ask(&self.texts[turn]).await?;
            ensure!(!answer.contains("\"ok\":false"), "refused: {answer}");
            sent += 1;
            self.tally.acks.fetch_add(1, Ordering::Relaxed);
            if self.tally.measuring.load(Ordering::Relaxed) {
                latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
        }
        Ok((latencies, sent))
    }
}

/// Gives a message another client id, in place.
fn renew(text: &mut String, random: &mut Random) {
    // The tutorial's message has no fields; its id is the last thing in the array.
    let at = text.find("\"client_id\":\"").map_or_else(|| text.len() - 38, |at| at + 13);
    text.replace_range(at..at + 36, &random.uuid().to_string());
}
