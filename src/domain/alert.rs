//! What somebody has to look at, until it is over.

use serde::Serialize;

use super::{
    health::{CheckId, Reading, Status, Subject},
    ids::AlertId,
    text::Name,
    time::Timestamp,
};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody should look today.
    Warning,
    /// People are not served, or soon will not be.
    Critical,
}

impl Severity {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Critical];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// How bad a status is; `None` for a good one.
    #[must_use]
    pub const fn of(status: Status) -> Option<Self> {
        match status {
            Status::Pass => None,
            Status::Warn => Some(Self::Warning),
            Status::Fail => Some(Self::Critical),
        }
    }
}

/// One alert. For each check and subject at most one is open at a time.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// What was found bad.
    pub check: CheckId,
    /// Of whom or what.
    pub subject: Subject,
    /// How bad it is.
    pub severity: Severity,
    /// What is so.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// When it began to be told.
    pub fired_at: Timestamp,
    /// When it was over.
    pub cleared_at: Option<Timestamp>,
    /// When an operator said that they know.
    pub acknowledged_at: Option<Timestamp>,
    /// That operator's name.
    pub acknowledged_by: Option<Name>,
}

impl Alert {
    /// The alert that a bad reading is told by; `None` for a good one.
    #[must_use]
    pub fn of(id: AlertId, reading: &Reading, now: Timestamp) -> Option<Self> {
        Some(Self {
            id,
            check: reading.check,
            subject: reading.subject.clone(),
            severity: Severity::of(reading.status)?,
            sentence: reading.sentence.clone(),
            remedy: reading.remedy.to_owned(),
            fired_at: now,
            cleared_at: None,
            acknowledged_at: None,
            acknowledged_by: None,
        })
    }
}

/// How many bad readings one after the other it takes to fire.
const BAD: u8 = 3;
/// How many good ones it takes to clear.
const GOOD: u8 = 2;

/// What a reading leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing is to be told.
    Stays,
    /// It begins to be told.
    Fires,
    /// It was a warning and is worse now.
    Worsens,
    /// It is over.
    Clears,
}

/// How one check of one subject has come out lately: fires after three bad readings, clears after two good ones, and tells
/// each once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Streak {
    bad: u8,
    failed: u8,
    good: u8,
    firing: Option<Severity>,
}

impl Streak {
    /// One that was told already, such as before a restart.
    #[must_use]
    pub const fn firing(severity: Severity) -> Self {
        Self { bad: 0, failed: 0, good: 0, firing: Some(severity) }
    }

    /// Takes the next reading.
    pub fn take(&mut self, status: Status) -> Turn {
        let Some(severity) = Severity::of(status) else { return self.is_good() };
        self.good = 0;
        self.bad = self.bad.saturating_add(1);
        self.failed = if status == Status::Fail { self.failed.saturating_add(1) } else { 0 };
        match self.firing {
            None if self.bad >= BAD => {
                self.firing = Some(severity);
                Turn::Fires
            }
            Some(Severity::Warning) if self.failed >= BAD => {
                self.firing = Some(Severity::Critical);
                Turn::Worsens
            }
            _ => Turn::Stays,
        }
    }

    fn is_good(&mut self) -> Turn {
        (self.bad, self.failed) = (0, 0);
        self.good = self.good.saturating_add(1);
        if self.firing.is_some() && self.good >= GOOD {
            self.firing = None;
            return Turn::Clears;
        }
        Turn::Stays
    }

    /// How bad it is, where it was told and is not over.
    #[must_use]
    pub const fn severity(&self) -> Option<Severity> {
        self.firing
    }

    /// Whether nothing is to be remembered of it.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.firing.is_none() && self.bad == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Fail, Pass, Warn};

    fn turns(readings: impl IntoIterator<Item = Status>) -> Vec<Turn> {
        let mut streak = Streak::default();
        let turns = readings.into_iter().map(|status| streak.take(status));
        turns.collect::<Vec<_>>().into_iter().filter(|turn| *turn != Turn::Stays).collect()
    }

    #[test]
    fn three_bad_readings_fire_once_and_two_good_ones_clear_once() {
        assert_eq!(turns([Warn, Warn]), []);
        assert_eq!(turns([Warn, Warn, Pass, Warn, Warn]), [], "they come one after the other");
        assert_eq!(turns([Warn, Fail, Warn, Warn, Warn, Warn]), [Turn::Fires]);
        assert_eq!(turns([Fail, Fail, Fail, Pass, Fail, Pass]), [Turn::Fires]);
        assert_eq!(turns([Fail, Fail, Fail, Pass, Pass, Pass, Pass]), [Turn::Fires, Turn::Clears]);
        assert_eq!(turns([Warn, Warn, Warn, Fail, Fail, Fail, Fail]), [Turn::Fires, Turn::Worsens]);
        let again = [Warn, Warn, Warn, Pass, Pass, Warn, Warn, Warn];
        assert_eq!(turns(again), [Turn::Fires, Turn::Clears, Turn::Fires]);
    }

    #[test]
    fn what_was_told_before_a_restart_is_not_told_again_and_clears() {
        let mut streak = Streak::firing(Severity::Critical);
        assert_eq!([Fail, Fail, Fail].map(|status| streak.take(status)), [Turn::Stays; 3]);
        assert_eq!([Pass, Pass].map(|status| streak.take(status)), [Turn::Stays, Turn::Clears]);
        assert!(streak.is_quiet());
    }
}
