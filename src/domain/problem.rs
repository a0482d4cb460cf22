//! What went wrong, in words that a caller can act on. One [`Problem`] serves both doors: REST answers it as
//! `application/problem+json` (RFC 9457), Socket.IO as the `error` of an ack.

use std::{borrow::Cow, error::Error, time::Duration};

use serde::{Deserialize, Serialize};

/// The fixed codes of the outside contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request has the wrong shape.
    Invalid,
    /// Nobody is signed in, or the credentials are wrong.
    Unauthorized,
    /// The caller may see this but not do that.
    Forbidden,
    /// No such thing, or it belongs to another.
    NotFound,
    /// It clashes with something that exists.
    Conflict,
    /// Another recruiter holds the queue entry.
    ClaimedByOther,
    /// The caller's claim is gone.
    ClaimLost,
    /// The project takes no more messages.
    ProjectClosed,
    /// The interview slot is booked already.
    SlotTaken,
    /// More than a limit allows.
    TooLarge,
    /// Too often; try again after a while.
    RateLimited,
    /// The server is too busy at the moment; try again.
    Busy,
    /// The store takes no writes at the moment; reading works.
    ReadOnly,
    /// A fault of the server's.
    Internal,
}

impl Code {
    /// The code as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::ClaimedByOther => "claimed_by_other",
            Self::ClaimLost => "claim_lost",
            Self::ProjectClosed => "project_closed",
            Self::SlotTaken => "slot_taken",
            Self::TooLarge => "too_large",
            Self::RateLimited => "rate_limited",
            Self::Busy => "busy",
            Self::ReadOnly => "read_only",
            Self::Internal => "internal",
        }
    }
}

/// A refusal or a fault. The message is written for the person who reads it and tells nothing of the inside; the cause
/// of an [`Code::Internal`] one is kept beside it for the log.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct Problem {
    /// What kind it is.
    pub code: Code,
    /// One sentence for a person.
    pub message: Cow<'static, str>,
    /// The field of the request that is wrong, where one is.
    pub field: Option<Cow<'static, str>>,
    /// How long to wait before trying again, where that helps.
    pub retry_after: Option<Duration>,
    /// The fault behind it, for the log only.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem of that kind, in one sentence.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), field: None, retry_after: None, source: None }
    }

    /// A field of the request does not fit.
    pub fn invalid(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Code::Invalid, message) }
    }

    /// A field of the request is over its limit.
    pub fn too_large(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Code::TooLarge, message) }
    }

    /// It does not exist for this caller.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is no such thing here.")
    }

    /// A link that can be used once does not work, or not any more.
    #[must_use]
    pub fn link_used() -> Self {
        Self::new(
            Code::NotFound,
            "This link was used already or has expired. If you have chosen a password, sign in. If not, ask for a new link.",
        )
    }

    /// The caller's role does not allow it.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden, "Your role does not allow this.")
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, "Sign in first.")
    }

    /// Too often; `retry_after` says when the next try can succeed.
    #[must_use]
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(Code::RateLimited, "That was a lot at once. Please wait a moment and try again.")
        }
    }

    /// A fault of the server's, with its cause.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(Code::Internal, "Something went wrong on our side. Please try again.")
        }
    }

    /// The fault behind it with what is behind that, for the log; empty where there is none.
    ///
    /// In the words of each, never as `Debug`: PostgreSQL's errors hold the values of the row there.
    #[must_use]
    pub fn cause(&self) -> String {
        let mut text = String::new();
        let mut cause = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = cause {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds a row's values, as PostgreSQL's errors do.
    #[derive(Debug, thiserror::Error)]
    #[error("a row is there already")]
    struct Double(&'static str, #[source] std::fmt::Error);

    #[test]
    fn a_cause_is_told_in_words_to_its_end_and_without_what_only_debug_shows() {
        let double = Double("ada@example.org", std::fmt::Error);
        assert_eq!(double.0, "ada@example.org");
        let cause = Problem::internal(double).cause();
        assert_eq!(cause, format!("a row is there already: {}", std::fmt::Error));
        assert_eq!(Problem::not_found().cause(), "");
    }
}
