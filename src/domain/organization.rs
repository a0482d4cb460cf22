//! Organizations: the tenants.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ids::OrganizationId, problem::Problem, queue::ResponseTargets, text::Name, time::Timestamp};

/// The organization's name in addresses: 2 to 40 lower-case letters, digits and inner hyphens, starting with a letter.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Parses a slug.
    ///
    /// # Errors
    /// `invalid` on `slug` when it does not have that form.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let sound = (2..=40).contains(&raw.len())
            && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && raw.starts_with(|c: char| c.is_ascii_lowercase())
            && !raw.ends_with('-');
        if sound {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Problem::invalid(
                "slug",
                "A slug has 2 to 40 lower-case letters, digits and hyphens, and starts with a letter.",
            ))
        }
    }

    /// Takes what the store holds.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Socket.IO namespace of the organization.
    #[must_use]
    pub fn namespace(&self) -> String {
        format!("/org/{self}")
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One tenant.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: Name,
    /// How soon candidates should hear back.
    pub targets: ResponseTargets,
    /// Since when nobody can enter it; `None` while it works.
    pub suspended_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
}
