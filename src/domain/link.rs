//! Secrets that are addresses or cookies: 256 random bits, shown once, kept only as a hash.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{
    ids::{ConversationId, LinkId, OrganizationId},
    time::Timestamp,
};

/// The note that the team finds when a candidate has asked for a new chat link.
pub const ASKED_FOR_LINK: &str = "The candidate's chat link no longer works, and they have asked for a new one.";

/// A secret: 32 random bytes, as text 43 characters of base64url.
pub struct Secret(String);

/// What is kept of a [`Secret`]: its SHA-256. The secret has 256 random bits, so no slower hash is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl Secret {
    /// Makes a secret of random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Takes what somebody shows; `None` when it cannot be a secret of ours.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let sound = raw.len() == 43 && raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        sound.then(|| Self(raw.to_owned()))
    }

    /// The secret itself, to be shown to its owner once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A chat link as the store knows it.
#[derive(Clone, Debug)]
pub struct ChatLink {
    /// Its id.
    pub id: LinkId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The conversation it enters.
    pub conversation: ConversationId,
    /// When it ends by itself; moves on with every activity of the candidate.
    pub expires_at: Timestamp,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
