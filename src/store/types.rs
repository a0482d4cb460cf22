//! How the domain's words stand in a row: ids as the engine's UUID, times as milliseconds, words as text.

use sqlx::{
    Decode, Encode, Postgres, Sqlite, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef},
    sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
};
use uuid::Uuid;

use crate::domain::{
    access::Whence,
    alert::Severity,
    audit::{Action, ActorKind, SubjectKind},
    conversation::{ConversationStatus, Label},
    health::CheckId,
    heartbeat::Stage,
    ids::{
        AlertId, AnnouncementId, ApiTokenId, AuditId, BackupId, CandidateId, CandidateSessionId, ClientId,
        ConversationId, HeartbeatId, Id, InvitationId, JobId, LinkId, MessageId, NodeId, NoteId, OneTimeLinkId,
        OrganizationId, ProjectId, QueueEntryId, SessionId, UserId,
    },
    job::JobState,
    link::SecretHash,
    message::{AuthorKind, MessageKind},
    organization::Slug,
    project::ProjectStatus,
    queue::{EntryState, LeaseToken, Outcome, Priority},
    text::{Body, Name},
    time::Timestamp,
    user::{Email, Role},
};

/// Stores a word as a plainer one: `stored!(Word as Plain, out: |word| plain, in: |plain| word)`.
macro_rules! stored {
    ($word:ty as $plain:ty, out: $out:expr, back: $back:expr) => {
        stored!(@engine Sqlite, SqliteTypeInfo, SqliteArgumentsBuffer, SqliteValueRef<'r>, $word as $plain, $out, $back);
        stored!(@engine Postgres, PgTypeInfo, PgArgumentBuffer, PgValueRef<'r>, $word as $plain, $out, $back);
    };
    (@engine $engine:ty, $info:ty, $buffer:ty, $value:ty, $word:ty as $plain:ty, $out:expr, $back:expr) => {
        impl Type<$engine> for $word {
            fn type_info() -> $info {
                <$plain as Type<$engine>>::type_info()
            }

            fn compatible(info: &$info) -> bool {
                <$plain as Type<$engine>>::compatible(info)
            }
        }

        impl<'q> Encode<'q, $engine> for $word {
            fn encode_by_ref(&self, buffer: &mut $buffer) -> Result<IsNull, BoxDynError> {
                let out: fn(&$word) -> $plain = $out;
                <$plain as Encode<'q, $engine>>::encode(out(self), buffer)
            }
        }

        impl<'r> Decode<'r, $engine> for $word {
            fn decode(value: $value) -> Result<Self, BoxDynError> {
                let back: fn($plain) -> Result<$word, BoxDynError> = $back;
                back(<$plain as Decode<'r, $engine>>::decode(value)?)
            }
        }
    };
}

macro_rules! stored_ids {
    ($($id:ty)*) => {$(stored!($id as Uuid, out: |id| id.uuid(), back: |uuid| Ok(uuid.into()));)*};
}

/// Words of which there are few: each is stored as in JSON.
macro_rules! stored_words {
    ($($word:ident { $($variant:ident)* })*) => {$(
        stored!($word as String, out: |word| word.as_str().to_owned(), back: |text| {
            [$($word::$variant),*].into_iter().find(|word| word.as_str() == text)
                .ok_or_else(|| concat!("an unknown ", stringify!($word)).into())
        });
    )*};
}

stored_ids! {
    AlertId AnnouncementId ApiTokenId AuditId BackupId CandidateId CandidateSessionId ClientId ConversationId HeartbeatId InvitationId JobId LinkId
    MessageId NodeId NoteId OneTimeLinkId OrganizationId ProjectId QueueEntryId SessionId UserId
}

stored_words! {
    ActorKind { User Api Candidate CommandLine Stranger }
    SubjectKind { Organization User Invitation ApiToken Project Conversation Candidate Alert Job }
    AuthorKind { Candidate User System Api }
    MessageKind { Text Event Interview }
    ConversationStatus { Open Snoozed Closed }
    ProjectStatus { Open Closed }
    Priority { Urgent Normal Low }
    EntryState { Waiting Claimed Snoozed Paused Ended }
    Outcome { Answered NoReplyNeeded Closed LinkMade }
    JobState { Waiting Running Done Failed }
    Role { Viewer Recruiter Owner }
    Severity { Warning Critical }
    Stage { Connect Post Claim Resolve FanOut }
    CheckId { DatabaseWrites CommitLatency DiskSpace Heartbeat QueueOverdue Activity Jobs Clock Nodes Backup }
}

stored!(Action as String, out: |action| action.as_str().to_owned(), back: |text| {
    Self::parse(&text).ok_or_else(|| "an unknown Action".into())
});
stored!(Whence as String, out: |whence| whence.to_string(), back: |text| {
    Self::parse(&text).ok_or_else(|| "an unknown Whence".into())
});
stored!(Timestamp as i64, out: |time| time.unix_millis(), back: |millis| Ok(Self::from_unix_millis(millis)));
stored!(Name as String, out: |name| name.to_string(), back: |text| Ok(Self::from_stored(text)));
stored!(Body as String, out: |body| body.to_string(), back: |text| Ok(Self::from_stored(text)));
stored!(Email as String, out: |email| email.to_string(), back: |text| Ok(Self::from_stored(text)));
stored!(Slug as String, out: |slug| slug.to_string(), back: |text| Ok(Self::from_stored(text)));
stored!(Label as String, out: |label| label.as_str().to_owned(), back: |text| Ok(Self::from_stored(text)));
stored!(LeaseToken as String, out: |token| token.0.clone(), back: |text| Ok(Self(text)));
stored!(SecretHash as Vec<u8>, out: |hash| hash.0.to_vec(), back: |bytes| {
    bytes.try_into().map(Self).map_err(|_| "a hash of another length".into())
});
