//! The only reader of time and of randomness.

#![allow(clippy::disallowed_methods, reason = "this is the room that the others are sent to")]

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use chrono::TimeDelta;
use rustix::time::{ClockId, clock_gettime};
use uuid::{ContextV7, Uuid};

use crate::domain::{ids::Id, link::Secret, time::Timestamp};

/// What counts on whatever the system's clock is set to, also while the machine sleeps.
const COUNTER: ClockId = if cfg!(target_os = "linux") { ClockId::Boottime } else { ClockId::Monotonic };

/// Tells the time and makes ids and secrets.
///
/// The time is the system's at the start plus what a monotonic clock has counted since, so that a system clock which is
/// set forward or back moves no lease. [`Clock::follow`] brings it slowly after the system's, or after the
/// database's where several servers share one.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What the counter showed first, in milliseconds; `None` in a clock that is set by hand.
    started: Option<i64>,
    /// Unix milliseconds at `started`, or the moment that was set.
    base: AtomicI64,
    ids: Mutex<ContextV7>,
}

impl Clock {
    /// The most that one [`Clock::follow_system`] moves this clock, in milliseconds.
    pub const FOLLOW_STEP_MILLIS: i64 = 100;

    /// A clock that starts with the system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Some(counter_millis()), system_millis())
    }

    /// A clock that stands still until it is set.
    #[must_use]
    pub fn manual(now: Timestamp) -> Self {
        Self::new(None, now.unix_millis())
    }

    fn new(started: Option<i64>, base: i64) -> Self {
        Self(Arc::new(Inner { started, base: AtomicI64::new(base), ids: Mutex::new(ContextV7::new()) }))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let counted = self.0.started.map_or(0, |started| counter_millis() - started);
        Timestamp::from_unix_millis(self.0.base.load(Ordering::Relaxed).saturating_add(counted))
    }

    /// Sets a manual clock; moves one that runs.
    pub fn set(&self, now: Timestamp) {
        let delta = now.since(self.now()).num_milliseconds();
        self.0.base.fetch_add(delta, Ordering::Relaxed);
    }

    /// Whether it runs by itself, and is not set by hand.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.0.started.is_some()
    }

    /// Moves a running clock towards another that is `ahead` of it, by at most [`Clock::FOLLOW_STEP_MILLIS`]. Called every
    /// ten seconds, that follows any crystal's drift and yet moves a lease of two minutes by little more than a second
    /// when the other clock was set wrong. Gives how far ahead the other still is.
    pub fn follow(&self, ahead: TimeDelta) -> TimeDelta {
        if !self.is_running() {
            return TimeDelta::zero();
        }
        let drift = ahead.num_milliseconds();
        let step = drift.clamp(-Self::FOLLOW_STEP_MILLIS, Self::FOLLOW_STEP_MILLIS);
        self.0.base.fetch_add(step, Ordering::Relaxed);
        TimeDelta::milliseconds(drift - step)
    }

    /// How far ahead of this clock the system's is; nothing for one that is set by hand.
    #[must_use]
    pub fn behind_system(&self) -> TimeDelta {
        if self.0.started.is_none() {
            return TimeDelta::zero();
        }
        TimeDelta::milliseconds(system_millis().saturating_sub(self.now().unix_millis()))
    }

    /// A new id, greater than all that this clock has made before (RFC 9562, section 6.2, a counter within the
    /// millisecond).
    #[must_use]
    pub fn new_id<I: Id>(&self) -> I {
        let millis = u64::try_from(self.now().unix_millis()).unwrap_or_default();
        let nanos = u32::try_from(millis % 1000 * 1_000_000).unwrap_or_default();
        let ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        I::from(Uuid::new_v7(uuid::Timestamp::from_unix(&*ids, millis / 1000, nanos)))
    }

    /// A new secret of 256 bits from the system's generator.
    #[must_use]
    pub fn new_secret(&self) -> Secret {
        Secret::from_random(random_bytes())
    }
}

/// Random bytes from the system's generator.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's random generator works from its first seeding on, long before us");
    bytes
}

fn counter_millis() -> i64 {
    let shows = clock_gettime(COUNTER);
    shows.tv_sec * 1_000 + shows.tv_nsec / 1_000_000
}

fn system_millis() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
