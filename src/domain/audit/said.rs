//! What may stand in an entry beside its columns.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::{ids::Id, text::Name, user::Role};

/// One more thing that is to be known of something done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// It is so.
    Is(String),
    /// It was so, and then otherwise.
    Changed {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => f.write_str(value),
            Self::Changed { from, to } => write!(f, "{from} → {to}"),
        }
    }
}

/// What may be said in a [`Fact`]: ids, numbers, roles, names that a team gives, and words of our own. There is no way to
/// one from a message's body, a password or a secret.
#[derive(Clone, Debug)]
pub struct Said(pub(super) String);

impl<I: Id> From<I> for Said {
    fn from(id: I) -> Self {
        Self(id.uuid().to_string())
    }
}

impl From<&Name> for Said {
    fn from(name: &Name) -> Self {
        Self(name.to_string())
    }
}

impl From<Vec<Name>> for Said {
    fn from(names: Vec<Name>) -> Self {
        Self(names.iter().map(|name| &**name).collect::<Vec<_>>().join(", "))
    }
}

impl From<Role> for Said {
    fn from(role: Role) -> Self {
        Self(role.as_str().to_owned())
    }
}

impl From<bool> for Said {
    fn from(is: bool) -> Self {
        Self(if is { "yes" } else { "no" }.to_owned())
    }
}

impl From<usize> for Said {
    fn from(count: usize) -> Self {
        Self(count.to_string())
    }
}

impl From<TimeDelta> for Said {
    fn from(time: TimeDelta) -> Self {
        Self(format!("{} min", time.num_minutes()))
    }
}

/// Words of our own.
impl From<&'static str> for Said {
    fn from(words: &'static str) -> Self {
        Self(words.to_owned())
    }
}

impl From<Vec<&'static str>> for Said {
    fn from(words: Vec<&'static str>) -> Self {
        Self(words.join(", "))
    }
}
