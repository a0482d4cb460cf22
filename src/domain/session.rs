//! Signed-in users' sessions, and why a live connection ends.

use serde::{Deserialize, Serialize};

use super::{
    ids::{SessionId, UserId},
    time::Timestamp,
};

/// One signed-in browser of a user.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// What the browser calls itself, cut at 200 characters.
    pub user_agent: String,
}

/// Why a socket is told that its session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// The user, the membership or the organization is gone, the role is a lower one, or an operator ended the session.
    Removed,
    /// The chat link was revoked.
    LinkRevoked,
    /// The session or link ran out, or the role is a higher one: connect again.
    Expired,
    /// The server stops; connect again.
    ServerRestart,
    /// The socket reads too slowly; connect again.
    TooSlow,
}
