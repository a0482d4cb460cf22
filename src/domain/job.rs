//! Jobs: work that may be tried again, since it reaches outside.

use std::{fmt, time::Duration};

use chrono::TimeDelta;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    ids::{JobId, OrganizationId},
    mail::Mail,
    time::Timestamp,
    webhook::Webhook,
};

/// How often a job is tried before it is set aside.
pub const MOST_TRIES: i64 = 5;

/// What is to be done. A new kind is a variant here, a line in each of the three functions below, and a file in `jobs` that
/// does it; the compiler names what is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Sends a mail.
    Mail(Mail),
    /// Calls the operator's webhook.
    Webhook(Webhook),
}

/// Which kind of [`Work`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// [`Work::Mail`].
    Mail,
    /// [`Work::Webhook`].
    Webhook,
}

impl JobKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Webhook];

    /// The name that is stored; it stays as it is.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

impl Work {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Mail(_) => JobKind::Mail,
            Self::Webhook(_) => JobKind::Webhook,
        }
    }

    /// What of it is stored beside the kind.
    #[must_use]
    pub fn payload(&self) -> String {
        match self {
            Self::Mail(mail) => written(mail),
            Self::Webhook(webhook) => written(webhook),
        }
    }

    /// What was stored; `None` for what this version does not understand.
    #[must_use]
    pub fn from_stored(kind: JobKind, payload: &str) -> Option<Self> {
        match kind {
            JobKind::Mail => read(payload).map(Self::Mail),
            JobKind::Webhook => read(payload).map(Self::Webhook),
        }
    }
}

fn written(payload: &impl Serialize) -> String {
    serde_json::to_string(payload).expect("texts and JSON are JSON")
}

fn read<T: DeserializeOwned>(payload: &str) -> Option<T> {
    serde_json::from_str(payload).ok()
}

/// A job that is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// What is to be done.
    pub work: Work,
    /// Whose it is: it goes with the organization. `None` for what is the installation's.
    pub organization: Option<OrganizationId>,
    /// Not before; `None` is at once.
    pub run_at: Option<Timestamp>,
}

impl NewJob {
    /// A job of the installation, to be done at once.
    #[must_use]
    pub const fn now(work: Work) -> Self {
        Self { work, organization: None, run_at: None }
    }
}

/// A job that somebody has taken and does.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningJob {
    /// Its id, by which whoever is reached knows that it was told before.
    pub id: JobId,
    /// What is to be done; `None` for what this version does not understand.
    pub work: Option<Work>,
    /// The how many-th try this is, from 1.
    pub tries: i64,
    /// When it was scheduled.
    pub created_at: Timestamp,
}

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It will be tried.
    Waiting,
    /// Somebody does it at this moment, and holds it until a lease runs out.
    Running,
    /// It went well; kept for a day without what was in it.
    Done,
    /// It was tried as often as it may be, or was refused for good, and is set aside for the operator.
    Failed,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Failed];

    /// The state as it stands in the store and in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// Why a try did not go well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, in our words: no name, address or secret is in it, so it may be logged.
    pub why: String,
    /// What whoever refused said to it; for the operator alone.
    pub said: Option<String>,
    /// Whether another try can only end the same way.
    pub for_good: bool,
}

impl Failure {
    /// It may go better next time.
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), said: None, for_good: false }
    }

    /// It will not go better.
    pub fn for_good(why: impl Into<String>) -> Self {
        Self { for_good: true, ..Self::new(why) }
    }

    /// With the words of whoever refused.
    pub fn saying(self, said: impl fmt::Display) -> Self {
        Self { said: Some(said.to_string()), ..self }
    }

    /// What is kept of it for the operator: one line of at most 300 characters.
    #[must_use]
    pub fn line(&self) -> String {
        let said = self.said.as_deref().map(|said| format!(": {said}")).unwrap_or_default();
        let whole = format!("{}{said}", self.why);
        let words = whole.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ").chars().take(300).collect()
    }
}

/// How long to wait after the try of that number, from 1; `None` when it was the last. `die` in 0..=255 moves it by up to a
/// fifth either way, so that what failed together does not come back together.
#[must_use]
pub fn back_off(tries: i64, die: u8) -> Option<TimeDelta> {
    const PAUSES: [Duration; 4] =
        [Duration::from_secs(5), Duration::from_secs(30), Duration::from_mins(2), Duration::from_mins(10)];
    if tries >= MOST_TRIES {
        return None;
    }
    let pause = PAUSES[usize::try_from(tries - 1).unwrap_or(0).min(PAUSES.len() - 1)];
    let factor = 0.8 + 0.4 * f64::from(die) / 255.0;
    Some(TimeDelta::from_std(pause.mul_f64(factor)).expect("minutes fit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_longer_than_the_one_before_and_the_fifth_try_is_the_last() {
        let longest = |tries| back_off(tries, 255).unwrap();
        let shortest = |tries| back_off(tries, 0).unwrap();
        assert_eq!((shortest(1), longest(1)), (TimeDelta::seconds(4), TimeDelta::seconds(6)));
        for tries in 2..MOST_TRIES {
            assert!(shortest(tries) > longest(tries - 1), "{tries}");
        }
        assert_eq!(back_off(MOST_TRIES, 128), None);
    }

    #[test]
    fn what_is_stored_is_read_back_and_what_is_strange_is_not() {
        let mail = Mail {
            to: crate::domain::user::Email::from_stored("a@b.example".into()),
            subject: "S".into(),
            text: "T".into(),
        };
        for work in [Work::Mail(mail), Work::Webhook(Webhook { event: "a.b".into(), data: serde_json::json!([1]) })] {
            assert_eq!(Work::from_stored(work.kind(), &work.payload()), Some(work));
        }
        assert_eq!(Work::from_stored(JobKind::Mail, "{}"), None);
    }

    #[test]
    fn an_explanation_is_one_short_line() {
        let refused = Failure::new("it was refused").saying("550 no\r\nsuch\0 user");
        assert_eq!(refused.line(), "it was refused: 550 no such user");
        assert_eq!(Failure::new("x".repeat(1_000)).line().len(), 300);
    }
}
