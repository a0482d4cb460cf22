//! How often one thing may be done: a burst at once, then one more after each pause.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::domain::problem::Problem;

/// `burst` at once, and one more after each `pause`. Only the moment has to be kept at which the whole burst is there
/// again (the generic cell rate algorithm).
#[derive(Clone, Copy)]
pub struct Pace {
    pub burst: u32,
    pub pause: Duration,
}

impl Pace {
    /// When the burst is whole again after one more is taken; how long it takes until there is one, if there is none.
    pub fn take(self, full_again: Option<Instant>, now: Instant) -> Result<Instant, Duration> {
        let full_again = full_again.map_or(now, |full_again| full_again.max(now)) + self.pause;
        let over = (full_again - now).saturating_sub(self.pause * self.burst);
        if over.is_zero() { Ok(full_again) } else { Err(over) }
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at once, then one each {:?}", self.burst, self.pause)
    }
}

/// One allowance for each key, kept only until it is whole again; off where limits are off.
pub struct Buckets<K> {
    pace: Pace,
    full_again: Option<Mutex<HashMap<K, Instant>>>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// `burst` at once, and one more after each `pause`.
    pub fn new(on: bool, burst: u32, pause: Duration) -> Self {
        Self { pace: Pace { burst, pause }, full_again: on.then(Mutex::default) }
    }

    fn lock(&self) -> Option<MutexGuard<'_, HashMap<K, Instant>>> {
        self.full_again.as_ref().map(|times| times.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes one from what `key` has left.
    ///
    /// # Errors
    /// `rate_limited`, with how long it takes until there is one again.
    pub fn take(&self, key: &K) -> Result<(), Problem> {
        self.take_at(Instant::now(), key)
    }

    fn take_at(&self, now: Instant, key: &K) -> Result<(), Problem> {
        let Some(mut times) = self.lock() else { return Ok(()) };
        match self.pace.take(times.get(key).copied(), now) {
            Ok(full_again) => {
                times.insert(key.clone(), full_again);
                Ok(())
            }
            Err(over) => Err(Problem::rate_limited(over.max(Duration::from_millis(1)))),
        }
    }

    /// Gives one back that was taken for what then proved harmless.
    pub fn give_back(&self, key: &K) {
        if let Some(mut times) = self.lock()
            && let Some(full_again) = times.get_mut(key)
        {
            *full_again = full_again.checked_sub(self.pace.pause).unwrap_or(*full_again);
        }
    }

    /// Forgets keys that are at rest.
    pub fn forget_idle(&self) {
        self.forget_idle_at(Instant::now());
    }

    fn forget_idle_at(&self, now: Instant) {
        if let Some(mut times) = self.lock() {
            times.retain(|_, full_again| *full_again > now);
            times.shrink_to_fit();
        }
    }
}

impl<K> fmt::Debug for Buckets<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pace.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(refused: Result<(), Problem>) -> Duration {
        refused.expect_err("refused").retry_after.expect("how long")
    }

    #[test]
    fn after_the_burst_one_waits_as_long_as_one_is_told() {
        let (buckets, now) = (Buckets::new(true, 3, Duration::from_secs(2)), Instant::now());
        for _ in 0..3 {
            buckets.take_at(now, &"ada").unwrap();
        }
        assert_eq!(wait(buckets.take_at(now, &"ada")), Duration::from_secs(2));
        buckets.take_at(now, &"bo").expect("another key has its own");
        assert_eq!(wait(buckets.take_at(now + Duration::from_millis(1_500), &"ada")), Duration::from_millis(500));
        let later = now + Duration::from_secs(2);
        buckets.take_at(later, &"ada").expect("as told");
        assert_eq!(wait(buckets.take_at(later, &"ada")), Duration::from_secs(2));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let (buckets, now) = (Buckets::new(true, 2, Duration::from_secs(1)), Instant::now());
        for _ in 0..10 {
            buckets.take_at(now, &1).unwrap();
            buckets.give_back(&1);
        }
        buckets.give_back(&1);
        buckets.take_at(now, &1).unwrap();
        buckets.take_at(now, &1).unwrap();
        buckets.take_at(now, &1).expect_err("giving back never makes more than the burst");
    }

    #[test]
    fn who_is_at_rest_takes_no_memory() {
        let (buckets, now) = (Buckets::new(true, 2, Duration::from_secs(1)), Instant::now());
        (0..1_000).for_each(|key| buckets.take_at(now, &key).unwrap());
        let later = now + Duration::from_secs(1);
        buckets.take_at(later, &7).unwrap();
        buckets.forget_idle_at(later);
        assert_eq!(buckets.lock().unwrap().len(), 1);
    }

    #[test]
    fn where_limits_are_off_nothing_is_refused() {
        let buckets = Buckets::new(false, 1, Duration::from_secs(1));
        (0..100).for_each(|_| buckets.take(&1).unwrap());
    }
}
