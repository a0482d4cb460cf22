//! What they are told.

use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    AuthorKind, ConversationStatus, EntryState, MessageKind, Priority, ProblemCode, ProjectStatus, RowStatus, shapes,
};

shapes! {
    /// A refusal or a fault (RFC 9457).
    Problem {
        /// Always `about:blank`: the code says the kind.
        r#type: String,
        /// The status in words.
        title: String,
        /// The status.
        status: u16,
        /// The kind.
        code: ProblemCode,
        /// One sentence for a person.
        detail: String,
        /// The field that is wrong, where one is.
        #[schema(required = false, nullable = false)]
        field: Option<String>,
        /// How long to wait before trying again, where that helps.
        #[schema(required = false, nullable = false)]
        retry_after_ms: Option<i64>,
        /// The id under which the request stands in the server's log.
        #[schema(required = false, nullable = false)]
        reference: Option<String>,
    }
    /// Somebody in a word.
    Brief { id: Uuid, name: String, }
    /// Who wrote something, with the name they had then.
    Author { kind: AuthorKind, id: Uuid, name: String, }
    /// A hiring project as a list shows it.
    ProjectInList {
        id: Uuid,
        name: String,
        status: ProjectStatus,
        /// Whether only the named members are its team.
        restricted: bool,
        last_announcement_seq: i64,
        created_at: DateTime<Utc>,
    }
    /// A hiring project.
    Project {
        id: Uuid,
        name: String,
        status: ProjectStatus,
        /// Whether only the named members are its team.
        restricted: bool,
        last_announcement_seq: i64,
        created_at: DateTime<Utc>,
        /// The named members.
        team: Vec<Brief>,
    }
    /// A part of the projects.
    ProjectList { data: Vec<ProjectInList>, next_cursor: Option<String>, }
    /// A candidate.
    Candidate {
        id: Uuid,
        name: String,
        email: Option<String>,
        phone: Option<String>,
        locale: Option<String>,
        time_zone: Option<String>,
        external_id: Option<String>,
        created_at: DateTime<Utc>,
    }
    /// A candidate who was added.
    AddedCandidate {
        candidate: Candidate,
        conversation: Conversation,
        /// The chat link's address, shown this once.
        chat_url: String,
    }
    /// What became of a file.
    Import {
        dry_run: bool,
        accepted: u64,
        rejected: u64,
        rows: Vec<ImportedRow>,
        /// The rejected rows with the reason, as a file to mend and bring again.
        rejected_csv: Option<String>,
        /// What should be looked at before the rows are used.
        warning: Option<String>,
    }
    /// What became of a row.
    ImportedRow {
        line: u64,
        name: String,
        status: RowStatus,
        candidate: Option<Uuid>,
        conversation: Option<Uuid>,
        chat_url: Option<String>,
        error: Option<RowError>,
        /// What was left out of the row, and in a dry run where the address is known already.
        warnings: Vec<String>,
    }
    /// Why a row was left out.
    RowError { code: ProblemCode, message: String, field: Option<String>, }
    /// All that is kept of a candidate and shared with them.
    CandidateExport { candidate: Candidate, conversations: Vec<ExportedConversation>, }
    /// A conversation as it is handed out.
    ExportedConversation {
        id: Uuid,
        project_id: Uuid,
        project_name: String,
        status: ConversationStatus,
        last_message_at: Option<DateTime<Utc>>,
        messages: Vec<ExportedMessage>,
        announcements: Vec<ExportedAnnouncement>,
    }
    /// An announcement as it is handed out.
    ExportedAnnouncement { seq: i64, author_kind: AuthorKind, author_name: String, body: String, created_at: DateTime<Utc>, }
    /// A message as it is handed out.
    ExportedMessage {
        seq: i64,
        kind: MessageKind,
        author_kind: AuthorKind,
        author_name: String,
        body: String,
        created_at: DateTime<Utc>,
    }
    /// A conversation.
    Conversation {
        id: Uuid,
        project: Uuid,
        candidate: Brief,
        status: ConversationStatus,
        snooze_until: Option<DateTime<Utc>>,
        assignee: Option<Brief>,
        priority: Priority,
        labels: Vec<String>,
        last_seq: i64,
        last_note_seq: i64,
        handled_seq: i64,
        candidate_read_seq: i64,
        team_read_seq: i64,
        last_message_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
    }
    /// A part of the conversations.
    ConversationList { data: Vec<Conversation>, next_cursor: Option<String>, }
    /// A new chat link.
    NewLink {
        /// Its address, shown this once.
        chat_url: String,
    }
    /// What both sides can read.
    Message {
        id: Uuid,
        conversation: Uuid,
        seq: i64,
        kind: MessageKind,
        author: Author,
        body: String,
        attachments: Vec<Uuid>,
        client_id: Uuid,
        created_at: DateTime<Utc>,
        edited_at: Option<DateTime<Utc>>,
        deleted: bool,
        read_by_other: bool,
    }
    /// A part of a thread.
    MessageList { data: Vec<Message>, next_cursor: Option<String>, last_seq: i64, has_more: bool, }
    /// A posted message.
    PostedMessage { message: Message, duplicate: bool, }
    /// The queue.
    Queue {
        data: Vec<Entry>,
        next_cursor: Option<String>,
        waiting: i64,
        claimed: i64,
        oldest_enqueued_at: Option<DateTime<Utc>>,
    }
    /// A queue entry.
    Entry {
        conversation: Uuid,
        project: Uuid,
        candidate: Brief,
        priority: Priority,
        state: EntryState,
        unread: i64,
        first_seq: i64,
        last_seq: i64,
        preview: String,
        asks_for_link: bool,
        enqueued_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
        claimed_by: Option<Brief>,
        lease_expires_at: Option<DateTime<Utc>>,
    }
    /// A claim, limited in time.
    Lease { token: String, expires_at: DateTime<Utc>, }
    /// An entry in hand.
    Claimed { entry: Entry, lease: Lease, }
    /// An entry in hand, or none.
    MaybeClaimed { entry: Option<Entry>, lease: Option<Lease>, }
    /// A claim that was kept.
    Renewed { lease: Lease, }
    /// An announcement.
    Announcement {
        id: Uuid,
        project: Uuid,
        seq: i64,
        author: Author,
        body: String,
        client_id: Uuid,
        created_at: DateTime<Utc>,
    }
    /// A part of the announcements.
    AnnouncementList { data: Vec<Announcement>, next_cursor: Option<String>, last_seq: i64, has_more: bool, }
    /// A posted announcement.
    PostedAnnouncement { announcement: Announcement, duplicate: bool, }
}
