//! How often one connection may show credentials that let it into nothing.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::bucket::Pace;

/// What one connection has left; it goes with the connection.
#[derive(Debug)]
pub struct Knocks {
    pace: Option<Pace>,
    full_again: Mutex<Option<Instant>>,
}

impl Knocks {
    /// All of it; endless without a pace.
    pub(super) const fn new(pace: Option<Pace>) -> Self {
        Self { pace, full_again: Mutex::new(None) }
    }

    /// Whether what it shows is worth a look.
    pub fn may_knock(&self) -> bool {
        self.count_at(Instant::now(), false)
    }

    /// What it showed let it into nothing.
    pub fn was_in_vain(&self) {
        self.count_at(Instant::now(), true);
    }

    fn count_at(&self, now: Instant, keep: bool) -> bool {
        let Some(pace) = self.pace else { return true };
        let mut full_again = self.full_again.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = pace.take(*full_again, now);
        if let Ok(later) = taken
            && keep
        {
            *full_again = Some(later);
        }
        taken.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn whoever_knocks_in_vain_is_not_looked_at_for_a_while() {
        let pause = Duration::from_secs(1);
        let (knocks, now) = (Knocks::new(Some(Pace { burst: 3, pause })), Instant::now());
        for _ in 0..1_000 {
            assert!(knocks.count_at(now, false), "who is let in has knocked as often as it likes");
        }
        for _ in 0..10 {
            knocks.count_at(now, true);
        }
        assert!(!knocks.count_at(now, false));
        assert!(knocks.count_at(now + pause, false), "those that were not looked at do not count");
        knocks.count_at(now + pause, true);
        assert!(!knocks.count_at(now + pause, false));
    }

    #[test]
    fn where_limits_are_off_every_knock_is_heard() {
        let knocks = Knocks::new(None);
        (0..1_000).for_each(|_| knocks.was_in_vain());
        assert!(knocks.may_knock());
    }
}
