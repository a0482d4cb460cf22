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
    /// When an operator vouched for the person who holds the password, by choosing it or by the link it was chosen with;
    /// `None` while only an organization's owner did.
    pub confirmed_at: Option<Timestamp>,
    /// Since when they cannot sign in; `None` while they can.
    pub removed_at: Option<Timestamp>,
    /// When the account was created.
    pub created_at: Timestamp,
}
