//! Identifiers. All are UUID version 7, so that they sort by the time they were made (RFC 9562, section 5.7).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::time::Timestamp;

/// An identifier that wraps a UUID, so that one noun's id cannot be given where another's is wanted.
pub trait Id: Copy + From<Uuid> {
    /// The UUID inside.
    fn uuid(self) -> Uuid;

    /// The least id that can be made at a moment: ids of version 7 begin with their milliseconds.
    #[must_use]
    fn least_at(moment: Timestamp) -> Self {
        let millis = u64::try_from(moment.unix_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid().into()
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl Id for $name {
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// Names an organization.
    OrganizationId;
    /// Names a user.
    UserId;
    /// Names a signed-in user's session.
    SessionId;
    /// Names an API token.
    ApiTokenId;
    /// Names a hiring project.
    ProjectId;
    /// Names a candidate.
    CandidateId;
    /// Names a conversation.
    ConversationId;
    /// Names a message.
    MessageId;
    /// Names a note.
    NoteId;
    /// Names an announcement.
    AnnouncementId;
    /// Names a chat link (not its secret).
    LinkId;
    /// Names a candidate's browser session.
    CandidateSessionId;
    /// Names a queue entry; later entries have greater ids.
    QueueEntryId;
    /// Names one `serve` process.
    NodeId;
    /// Names a heartbeat.
    HeartbeatId;
    /// Names an alert.
    AlertId;
    /// Names a copy of the database.
    BackupId;
    /// Names a job; whoever it reaches outside knows it by this.
    JobId;
    /// Names a one-time address (set-up, choosing a password).
    OneTimeLinkId;
    /// Names an invitation into an organization (not its secret).
    InvitationId;
    /// Names an entry of the audit log; later entries have greater ids.
    AuditId;
    /// Chosen by the client for each thing it posts, so that sending it again changes nothing.
    ClientId;
}
