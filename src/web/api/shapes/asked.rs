//! What programs send.

use chrono::{DateTime, Utc};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ConversationStatus, Priority, ProjectStatus, shapes};

macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    )*};
}

parameters! {
    /// Which part of a list.
    Paging {
        /// At most so many; 50 where nothing is said.
        #[param(minimum = 1, maximum = 200)]
        limit: Option<u16>,
        /// `next_cursor` of the part before, as it came.
        #[param(min_length = 1)]
        cursor: Option<String>,
    }
    /// Which part of a stream, instead of a cursor.
    StretchParameters {
        /// The first ones after this `seq`. At most one of `after_seq`, `before_seq` and `cursor` may be given.
        #[param(minimum = 0)]
        after_seq: Option<i64>,
        /// The last ones before this `seq`. At most one of `after_seq`, `before_seq` and `cursor` may be given.
        #[param(minimum = 0)]
        before_seq: Option<i64>,
    }
    /// Which conversations.
    ConversationFilter {
        /// Only those of this project.
        project: Option<Uuid>,
        /// Only those that stand so.
        #[param(inline)]
        status: Option<ConversationStatus>,
    }
    /// Which part of the queue.
    QueueFilter {
        /// Only this project's.
        project: Option<Uuid>,
    }
    /// How to import.
    ImportParameters {
        /// Only say what would become of each row.
        dry_run: Option<bool>,
    }
}

shapes! {
    /// A project to be made.
    #[serde(deny_unknown_fields)]
    NewProject {
        #[schema(format = "line", min_length = 1, max_length = 200)]
        name: String,
        restricted: Option<bool>,
    }
    /// What is to be changed of a project.
    #[serde(deny_unknown_fields)]
    ProjectChange {
        #[schema(format = "line", min_length = 1, max_length = 200)]
        name: Option<String>,
        status: Option<ProjectStatus>,
        restricted: Option<bool>,
        /// All named members anew, as ids of users who are members of the organization.
        team: Option<Vec<Uuid>>,
    }
    /// A candidate to be added.
    #[serde(deny_unknown_fields)]
    NewCandidate {
        #[schema(format = "line", min_length = 1, max_length = 200)]
        name: String,
        #[schema(format = "address", max_length = 200)]
        email: Option<String>,
        #[schema(format = "optional-line", max_length = 200)]
        phone: Option<String>,
        /// A language tag, such as `de-AT`.
        #[schema(format = "language", max_length = 200)]
        locale: Option<String>,
        /// A time zone of the IANA list, such as `Europe/Vienna`.
        #[schema(format = "time-zone")]
        time_zone: Option<String>,
        /// The id that another system has for them.
        #[schema(format = "optional-line", max_length = 200)]
        external_id: Option<String>,
    }
    /// What is to be changed of a conversation.
    #[serde(deny_unknown_fields)]
    ConversationChange {
        status: Option<ConversationStatus>,
        /// When a snoozed conversation comes back: in the future, and with `status: snoozed` only.
        snooze_until: Option<DateTime<Utc>>,
        /// The user who takes care of it, of the project's team; `null` for none.
        assignee: Option<Uuid>,
        priority: Option<Priority>,
        /// All labels anew.
        #[schema(max_items = 20)]
        labels: Option<Vec<String>>,
    }
    /// A message to be posted.
    #[serde(deny_unknown_fields)]
    NewMessage {
        /// The client's own id for it: sent again, it is posted once.
        client_id: Uuid,
        #[schema(format = "text", min_length = 1, max_length = 10000)]
        body: String,
        /// The last `seq` shown to the author, 0 if none: only what was seen is handled.
        #[schema(minimum = 0)]
        seen_seq: i64,
        #[schema(format = "lease", max_length = 200)]
        lease: Option<String>,
        take_over: Option<bool>,
        #[schema(max_items = 0)]
        attachments: Option<Vec<Uuid>>,
    }
    /// Where to look.
    #[serde(deny_unknown_fields)]
    NextInQueue { project: Option<Uuid>, }
    /// How to claim.
    #[serde(deny_unknown_fields)]
    Claim { take_over: Option<bool>, }
    /// What the holder has.
    #[serde(deny_unknown_fields)]
    Held {
        #[schema(format = "lease", max_length = 200)]
        lease: String,
    }
    /// What needs no reply.
    #[serde(deny_unknown_fields)]
    Resolve {
        #[schema(format = "lease", max_length = 200)]
        lease: Option<String>,
        /// Later messages stay queued.
        #[schema(minimum = 0)]
        seen_seq: Option<i64>,
    }
    /// An announcement to be posted.
    #[serde(deny_unknown_fields)]
    NewAnnouncement {
        client_id: Uuid,
        #[schema(format = "text", min_length = 1, max_length = 10000)]
        body: String,
    }
}
