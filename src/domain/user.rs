//! Users: people with a password, members of organizations.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{ids::UserId, problem::Problem, text::Name, time::Timestamp};

/// What a member may do in an organization. The greater role may do all that the lesser may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads, writes nothing.
    Viewer,
    /// Answers candidates and works the queue.
    Recruiter,
    /// Also manages members, projects' teams and settings.
    Owner,
}

impl Role {
    /// The role as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Recruiter => "recruiter",
            Self::Owner => "owner",
        }
    }

    /// Parses a role.
    ///
    /// # Errors
    /// `invalid` on `role` for any other word.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        match raw {
            "viewer" => Ok(Self::Viewer),
            "recruiter" => Ok(Self::Recruiter),
            "owner" => Ok(Self::Owner),
            _ => Err(Problem::invalid("role", "A role is owner, recruiter or viewer.")),
        }
    }
}

/// An e-mail address, kept in lower case and composed (NFC); enough of a check to catch a slip, since only a mail sent shows that it works.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Parses an address of at most 200 characters.
    ///
    /// # Errors
    /// `invalid` or `too_large` on `field`.
    pub fn parse(field: &'static str, raw: &str) -> Result<Self, Problem> {
        let line = Name::parse(field, raw)?;
        let sound = line.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && host.split('.').count() > 1
                && host.split('.').all(|label| !label.is_empty())
                && !line
                    .contains(|c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '<' | '>' | ',' | ';' | '"'))
                && !host.contains('@')
        });
        if sound {
            Ok(Self(line.nfc().collect::<String>().to_lowercase().nfc().collect()))
        } else {
            Err(Problem::invalid(field, "This is not an e-mail address."))
        }
    }

    /// Takes what the store holds.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that show nothing, or turn what follows: two addresses that differ in them look the same.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Addresses never reach a log by accident.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// A new password: 12 to 256 characters, none of the best known ones. Never stored as it is.
pub struct Password(String);

impl Password {
    /// Parses a password that somebody chooses.
    ///
    /// # Errors
    /// `invalid` on `password` when it is too short or among the common ones, `too_large` over 256 characters.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let length = raw.chars().count();
        if length < 12 {
            return Err(Problem::invalid("password", "A password has at least 12 characters."));
        }
        if length > 256 {
            return Err(Problem::too_large("password", "A password has at most 256 characters."));
        }
        if is_common(raw) {
            return Err(Problem::invalid("password", "This password is among the first that others would try."));
        }
        Ok(Self(raw.to_owned()))
    }

    /// The password itself, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Few characters over and over, runs along the keyboard or alphabet, and the well-known words with digits around them.
fn is_common(raw: &str) -> bool {
    const WORDS: [&str; 14] = [
        "password",
        "passwort",
        "qwerty",
        "qwertz",
        "letmein",
        "welcome",
        "iloveyou",
        "admin",
        "administrator",
        "hearback",
        "recruiter",
        "changeme",
        "football",
        "dragon",
    ];
    const RUNS: [&str; 4] = [
        "0123456789012345678901234567890",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
    ];
    let lower = raw.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    different.len() < 5
        || RUNS.iter().any(|run| run.contains(lower.as_str()))
        || WORDS.iter().any(|word| core == *word || (!core.is_empty() && core.replace(word, "").is_empty()))
}

/// A person with a password.
#[derive(Clone, Debug)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// What they sign in with.
    pub email: Email,
    /// How others see them.
    pub name: Name,
    /// Whether they run the whole installation.
    pub operator: bool,
    /// Since when they cannot sign in; `None` while they can.
    pub removed_at: Option<Timestamp>,
    /// When the account was created.
    pub created_at: Timestamp,
}
