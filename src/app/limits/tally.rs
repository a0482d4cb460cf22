//! How often something of which strangers can make much is written down one by one. What is not is counted, and the count
//! stands in the next one that is: so the audit log tells all of it and yet grows slowly.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::time::Instant;

use super::bucket::Pace;

/// For each key an allowance, and how many there were beyond it. Unlike limits it is never off.
pub struct Tally<K> {
    pace: Pace,
    keys: Mutex<HashMap<K, Kept>>,
}

#[derive(Clone, Copy, Default)]
struct Kept {
    full_again: Option<Instant>,
    untold: usize,
}

impl<K: Hash + Eq + Clone> Tally<K> {
    /// Each one of a burst, and then one more after each pause.
    pub fn new(pace: Pace) -> Self {
        Self { pace, keys: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Kept>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more. Gives how many were only counted before it; `None` where this one is only counted too.
    pub fn tell(&self, key: &K) -> Option<usize> {
        self.tell_at(Instant::now(), key)
    }

    fn tell_at(&self, now: Instant, key: &K) -> Option<usize> {
        let mut keys = self.lock();
        let kept = keys.entry(key.clone()).or_default();
        match self.pace.take(kept.full_again, now) {
            Ok(full_again) => {
                kept.full_again = Some(full_again);
                Some(std::mem::take(&mut kept.untold))
            }
            Err(_) => {
                kept.untold += 1;
                None
            }
        }
    }

    /// How many were only counted; they are told elsewhere now.
    pub fn settle(&self, key: &K) -> usize {
        self.lock().get_mut(key).map_or(0, |kept| std::mem::take(&mut kept.untold))
    }

    /// Forgets keys that are at rest and of which everything is told.
    pub fn forget_idle(&self) {
        self.forget_idle_at(Instant::now());
    }

    fn forget_idle_at(&self, now: Instant) {
        let mut keys = self.lock();
        keys.retain(|_, kept| kept.untold > 0 || kept.full_again.is_some_and(|full_again| full_again > now));
        keys.shrink_to_fit();
    }
}

impl<K> fmt::Debug for Tally<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pace.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_not_told_is_counted_and_told_with_the_next() {
        let (tally, now) = (Tally::new(Pace { burst: 2, pause: Duration::from_mins(1) }), Instant::now());
        assert_eq!([tally.tell_at(now, &"ada"), tally.tell_at(now, &"ada")], [Some(0), Some(0)]);
        for _ in 0..1_000 {
            assert_eq!(tally.tell_at(now, &"ada"), None);
        }
        assert_eq!(tally.tell_at(now, &"bo"), Some(0), "each has an own allowance");
        let later = now + Duration::from_mins(1);
        assert_eq!(tally.tell_at(later, &"ada"), Some(1_000));
        assert_eq!(tally.tell_at(later, &"ada"), None);
        assert_eq!((tally.settle(&"ada"), tally.settle(&"ada"), tally.settle(&"eve")), (1, 0, 0));
    }

    #[test]
    fn who_is_at_rest_takes_no_memory_and_no_count_is_lost() {
        let (tally, now) = (Tally::new(Pace { burst: 1, pause: Duration::from_secs(1) }), Instant::now());
        for key in [1, 2, 2] {
            tally.tell_at(now, &key);
        }
        tally.forget_idle_at(now + Duration::from_secs(10));
        assert_eq!(tally.lock().len(), 1);
        assert_eq!(tally.settle(&2), 1);
    }
}
