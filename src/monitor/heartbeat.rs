//! The heartbeat: a message that nobody wrote travels the way that candidates' messages take, from the use case over the
//! committer, the queue, a claim and the fan-out back to a connection of this server's own.
//!
//! A bad beat is told; it never ends the process.

mod line;

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::time::{Instant, timeout, timeout_at};

use self::line::Line;
use super::{Monitor, lock, ticks};
use crate::{
    app::{
        App,
        heartbeat::{self, Lane, Pulse},
        messages::{self, Post},
        queue,
    },
    domain::{
        heartbeat::{Beat, Stage},
        ids::{ClientId, ConversationId},
        message::NewMessage,
        problem::{Code, Problem},
        queue::{LeaseToken, Priority},
        text::Body,
    },
};

/// How long one may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is known of this server's heartbeats.
#[derive(Debug, Default)]
pub(super) struct Pulses {
    /// When the last ended, however it came out.
    pub ended: Option<Instant>,
    /// The last of each priority.
    pub last: HashMap<Priority, Beat>,
}

/// Sends heartbeats until it is aborted.
pub(super) async fn run(monitor: Arc<Monitor>) {
    let mut ticks = ticks(monitor.watch.heartbeat);
    let mut heart = Heart { monitor, beating: None };
    loop {
        ticks.tick().await;
        heart.beat().await;
    }
}

struct Heart {
    monitor: Arc<Monitor>,
    beating: Option<(Pulse, Line)>,
}

impl Heart {
    /// One heartbeat of each priority.
    async fn beat(&mut self) {
        if self.beating.is_none() {
            let Monitor { app, watch, .. } = &*self.monitor;
            let opened = timeout(PATIENCE, heartbeat::open(app, &watch.node, watch.id)).await;
            match opened.unwrap_or_else(|_| Err(Problem::new(Code::Busy, "The store does not answer."))) {
                Ok(pulse) => {
                    let line = Line::new(watch.address, &pulse);
                    self.beating = Some((pulse, line));
                }
                Err(problem) => {
                    tracing::error!(%problem, "the heartbeat has no place in the store");
                    return self.could_not_begin();
                }
            }
        }
        let Some((pulse, line)) = &mut self.beating else { return };
        let mut all_well = true;
        for lane in &pulse.lanes {
            let beat = travel(&self.monitor, pulse, line, lane).await;
            note(&self.monitor, &beat);
            all_well &= beat.failed.is_none();
            let kept = heartbeat::keep(&self.monitor.app, beat, lane.conversation, self.monitor.watch.id);
            if !matches!(timeout(PATIENCE, kept).await, Ok(Ok(()))) {
                tracing::warn!("what came of a heartbeat was not kept");
            }
        }
        if all_well {
            let metrics = &self.monitor.app.metrics;
            metrics.heartbeat.last_success.set(super::metrics::unix_seconds(self.monitor.app.clock.now()));
            self.monitor.ping();
        } else {
            // Its place may be gone, or its connection of no use: the next one begins anew.
            self.beating = None;
        }
        self.monitor.live.stir();
    }

    /// Without a place no message could be posted.
    fn could_not_begin(&self) {
        let Monitor { app, watch, .. } = &*self.monitor;
        for priority in crate::domain::heartbeat::PRIORITIES {
            let (id, node, began_at) = (app.clock.new_id(), watch.node.clone(), app.clock.now());
            let failed = Some(Stage::Post);
            let stages_us = [None; Stage::ALL.len()];
            note(&self.monitor, &Beat { id, node, priority, began_at, stages_us, total_us: None, failed });
        }
    }
}

/// Counts a heartbeat and remembers it.
fn note(monitor: &Monitor, beat: &Beat) {
    let metrics = &monitor.app.metrics;
    let priority = beat.priority.as_str();
    for (stage, took) in beat.stages() {
        if let Some(took) = took {
            metrics.heartbeat.stage.with_label_values(&[stage.as_str(), priority]).observe(seconds(took));
        }
    }
    if let Some(total) = beat.total_us {
        metrics.heartbeat.roundtrip.with_label_values(&[priority]).observe(seconds(total));
    }
    if let Some(stage) = beat.failed {
        metrics.heartbeat.failed.with_label_values(&[stage.as_str()]).inc();
        tracing::warn!(stage = stage.as_str(), priority, "a heartbeat did not come back");
    }
    let mut pulses = lock(&monitor.pulses);
    pulses.ended = Some(Instant::now());
    pulses.last.insert(beat.priority, beat.clone());
}

/// Microseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "at most some seconds")]
pub fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// A heartbeat on its way.
struct Way {
    deadline: Instant,
    beat: Beat,
}

impl Way {
    /// Goes one stage; `None` where it gets stuck.
    async fn go<T>(&mut self, stage: Stage, work: impl Future<Output = Result<T, String>>) -> Option<T> {
        let begun = Instant::now();
        let why = match timeout_at(self.deadline, work).await {
            Ok(Ok(output)) => {
                self.took(stage, begun.elapsed());
                return Some(output);
            }
            Ok(Err(why)) => why,
            Err(_) => "it takes too long".to_owned(),
        };
        tracing::debug!(stage = stage.as_str(), why, "a heartbeat got stuck");
        self.beat.failed = Some(stage);
        None
    }

    fn took(&mut self, stage: Stage, time: Duration) {
        self.beat.stages_us[stage as usize] = Some(micros(time));
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// Sends one on its way; tells how far it came.
async fn travel(monitor: &Monitor, pulse: &Pulse, line: &mut Line, lane: &Lane) -> Beat {
    let app = &monitor.app;
    let begun = Instant::now();
    let beat = Beat {
        id: app.clock.new_id(),
        node: pulse.node.clone(),
        priority: lane.priority,
        began_at: app.clock.now(),
        stages_us: [None; Stage::ALL.len()],
        total_us: None,
        failed: None,
    };
    let mut way = Way { deadline: begun + PATIENCE, beat };
    if walk(monitor, pulse, line, lane, &mut way).await.is_some() {
        way.beat.total_us = Some(micros(begun.elapsed()));
    }
    way.beat
}

/// From the first stage to the last; `None` where it got stuck.
async fn walk(monitor: &Monitor, pulse: &Pulse, line: &mut Line, lane: &Lane, way: &mut Way) -> Option<()> {
    let app = &monitor.app;
    way.go(Stage::Connect, line.stand()).await?;
    if lock(&monitor.pulses).last.get(&lane.priority).is_none_or(|last| last.failed.is_some()) {
        clear_the_way(app, pulse, lane, way).await?;
    }
    let client_id: ClientId = app.clock.new_id();
    let set_out = Instant::now();
    let seq = way
        .go(Stage::Post, async {
            let body = Body::from_stored("A heartbeat: nobody wrote it.".to_owned());
            let message = NewMessage { conversation: lane.conversation, client_id, body };
            let post = Post { message, reply: None, origin: None };
            messages::post(app, &lane.candidate, post)
                .await
                .map(|posted| posted.message.seq)
                .map_err(|problem| words(&problem))
        })
        .await?;
    let lease = way.go(Stage::Claim, claim(monitor, pulse, lane.conversation, seq)).await?;
    way.go(Stage::Resolve, async {
        let resolve = queue::Resolve { conversation: lane.conversation, lease: Some(lease), seen_seq: Some(seq) };
        queue::resolve(app, &pulse.recruiter, resolve).await.map_err(|problem| words(&problem))
    })
    .await?;
    let heard = way.go(Stage::FanOut, line.hears(client_id)).await?;
    way.took(Stage::FanOut, heard.saturating_duration_since(set_out));
    Some(())
}

/// Handles what one before has left in the queue where it got stuck, or the process before this one.
async fn clear_the_way(app: &App, pulse: &Pulse, lane: &Lane, way: &mut Way) -> Option<()> {
    let taken = way
        .go(Stage::Claim, async { heartbeat::take_over(app, pulse, lane).await.map_err(|problem| words(&problem)) })
        .await?;
    if taken {
        way.go(Stage::Resolve, async {
            heartbeat::put_away(app, pulse, lane).await.map_err(|problem| words(&problem))
        })
        .await?;
    }
    // They are gone again.
    for stage in [Stage::Claim, Stage::Resolve] {
        way.beat.stages_us[stage as usize] = None;
    }
    Some(())
}

/// Takes the head of the queue, which has to be the one that was posted.
async fn claim(monitor: &Monitor, pulse: &Pulse, conversation: ConversationId, seq: i64) -> Result<LeaseToken, String> {
    let claimed =
        queue::next(&monitor.app, &pulse.recruiter, Some(pulse.project)).await.map_err(|problem| words(&problem))?;
    let claimed = claimed.ok_or("nothing waits in the queue")?;
    let is_it = claimed.entry.conversation == conversation && claimed.entry.last_seq == seq;
    is_it.then_some(claimed.lease.token).ok_or_else(|| "another waits at the head of the queue".to_owned())
}

fn words(problem: &Problem) -> String {
    problem.code.as_str().to_owned()
}
