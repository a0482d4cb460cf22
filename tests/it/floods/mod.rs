//! What strangers can do to a server by doing much of it: another organization's acks stay as quick, and when it is over
//! memory, descriptors and tasks are what they were.
//!
//! A machine that floods and measures at once is slower for that alone. So every flood goes in turns to the server and to
//! a second one beside it, which shares the machine and nothing else: the ratio of the two is what the flood does by the
//! way of the server. `make floods` runs them at full size, in a release build on a machine that does nothing else, and its
//! table is to be read. What a run of all tests can say about floods is in [`small`].

mod doors;
mod frames;
mod neighbour;
mod report;
mod requests;
mod small;
mod stage;
mod stranger;

use std::time::{Duration, Instant};

use tokio::time::sleep;

use self::{
    neighbour::Neighbour,
    report::Report,
    stage::{Level, Stage},
    stranger::{Flooder, Held, Target},
};

/// How large it all is.
#[derive(Clone, Copy)]
struct Size {
    /// Connections, or something else that a flood counts.
    many: usize,
    /// How long one turn takes.
    turn: Duration,
    turns: usize,
    /// Whether strangers hold in the end what they have until the server takes it from them; else they go.
    hold: bool,
}

impl Size {
    fn by_setting() -> Self {
        match std::env::var("HEARBACK_FLOOD").as_deref() {
            Ok("full") => Self { many: 2_000, turn: Duration::from_secs(4), turns: 4, hold: true },
            _ => Self { many: 300, turn: Duration::from_millis(700), turns: 2, hold: false },
        }
    }
}

/// How many floods have been there before the level is taken to which memory has to return.
///
/// The allocator keeps, for each of its threads, some of what was free when it was last busy, and the caches fill: the
/// first floods of a kind, and others at work meanwhile, leave more than a fresh server has; floods of ten times the size
/// leave no more than that. What leaks grows with every flood, and many more follow.
const BEFORE: usize = 3;

/// How long what strangers hold may be held: the longest that a connection may rest, and a slow machine.
const LET_GO: Duration = Duration::from_secs(100);

/// What others may wait longer in a test, in the worst case of a busy machine.
const SLACK: Duration = Duration::from_millis(400);

/// Runs one kind of flood and checks that it leaves nothing behind and hurts nobody else.
async fn endure<F, Fut>(name: &str, flood: F)
where
    F: Fn(Target, usize) -> Fut + Copy + Send + 'static,
    Fut: Future<Output = Held> + Send,
{
    let size = Size::by_setting();
    let stage = Stage::set().await;
    let fresh = stage.level().await;
    let neighbour = Neighbour::begin(&stage);
    for _ in 0..BEFORE {
        let flooder = Flooder::start(stage.here.target(), size.many, flood);
        sleep(size.turn).await;
        drop(flooder);
        drop(Flooder::once(stage.here.target(), size.many, flood).await);
    }
    drop(neighbour.end().await);
    stage.comes_back_to(fresh, Level::is_rid_of_them).await;
    let before = stage.settles().await;

    let neighbour = Neighbour::begin(&stage);
    let mut turns = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..size.turns {
        for (place, target) in [None, Some(stage.beside.target()), Some(stage.here.target())].into_iter().enumerate() {
            let flooder = target.map(|target| Flooder::start(target, size.many, flood));
            let began = Instant::now();
            sleep(size.turn).await;
            turns[place].push(began..Instant::now());
            drop(flooder);
        }
    }
    let acks = neighbour.end().await.split(&turns);

    let mut held = Flooder::once(stage.here.target(), size.many, flood).await;
    let peak = stage.level().await;
    if !size.hold {
        held.clear();
    }
    let after = stage.comes_back_to(before, Level::is).await;
    drop(held);
    let report = Report { name, acks, fresh, before, peak, after };
    report.tell();
    let [_, beside, here] = acks;
    assert!(here.p99 <= beside.p99 * 5 + SLACK, "another organization waits for its acks");
}
