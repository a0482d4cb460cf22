//! Lists of conversations for the team, each row with all that a list shows.

mod counts;

use sqlx::FromRow;
use uuid::Uuid;

pub use self::counts::{Counts, STATEMENTS as COUNT_STATEMENTS, counts};
use super::{
    backend::Conn,
    conversations::{ConversationColumns, conversation_columns},
    error::StoreError,
    queue::{Scope, project_in_scope},
    statement::{fetch_all, statements},
};
use crate::domain::{
    conversation::{Conversation, ConversationStatus, Label},
    ids::{ConversationId, OrganizationId, UserId},
    message::{Author, AuthorKind},
    project::ProjectStatus,
    queue::{EntryState, HolderBrief},
    text::Name,
    time::Timestamp,
};

macro_rules! rows {
    ($from:expr, $rest:expr) => {
        concat!(
            "SELECT ",
            conversation_columns!(),
            ", p.name AS project_name, p.status AS project_status, e.state, e.unread, e.preview, e.asks_for_link, e.enqueued_at, e.due_at, \
             e.holder_id, e.holder_name, e.lease_expires_at, m.body AS last_body, m.author_kind AS last_author, \
             m.author_id AS last_author_id, m.author_name AS last_author_name, COALESCE(r.seq, 0) AS read_seq ",
            $from,
            " JOIN candidates k ON k.id = c.candidate_id JOIN projects p ON p.id = c.project_id \
             LEFT JOIN users a ON a.id = c.assignee_id \
             LEFT JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq \
             LEFT JOIN conversation_reads r ON r.conversation_id = c.id AND r.user_id = $2 \
             WHERE c.organization_id = $1 AND ",
            project_in_scope!(),
            " AND (c.project_id = $4 OR $4 IS NULL) \
             AND (EXISTS (SELECT 1 FROM conversation_labels l WHERE l.conversation_id = c.id AND l.folded = $5) OR $5 IS NULL) \
             AND (c.assignee_id = $6 OR $6 IS NULL) AND ($7 = FALSE OR c.last_seq > COALESCE(r.seq, 0)) ",
            $rest
        )
    };
}

macro_rules! all_of_them {
    ($rest:expr) => {
        rows!(
            "FROM conversations c LEFT JOIN queue_entries e ON e.conversation_id = c.id AND e.state <> 'ended'",
            $rest
        )
    };
}

// Each part of the conversations has an index that begins with it, so that a list of few is not looked for among many.
macro_rules! latest_first {
    ($condition:literal) => {
        all_of_them!(concat!(
            "AND ",
            $condition,
            " ORDER BY COALESCE(c.last_message_at, c.created_at) DESC, c.id DESC LIMIT $8 OFFSET $9"
        ))
    };
}

statements! {
    // CROSS keeps SQLite from beginning with every conversation: the queue's index gives the first rows as they come.
    IN_QUEUE_ORDER = rows!("FROM queue_entries e CROSS JOIN conversations c", "AND e.organization_id = $1 \
        AND e.conversation_id = c.id AND e.state IN ('waiting', 'claimed') ORDER BY e.due_at, e.id LIMIT $8 OFFSET $9");
    EVERY_ONE = latest_first!("TRUE");
    UNASSIGNED = latest_first!("c.status = 'open' AND c.assignee_id IS NULL");
    MINE = latest_first!("c.status = 'open' AND c.id IN (SELECT o.id FROM conversations o WHERE o.assignee_id = $2 \
        UNION SELECT h.conversation_id FROM queue_entries h WHERE h.holder_id = $2 AND h.state <> 'ended')");
    SET_ASIDE = latest_first!("c.status <> 'open' AND c.status = $10");
    BY_ID = all_of_them!("AND (c.status = $8 OR $8 IS NULL) AND c.id > $9 ORDER BY c.id LIMIT $10");
}

/// One row of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The conversation.
    pub conversation: Conversation,
    /// Its project's name.
    pub project_name: Name,
    /// Whether its project takes messages.
    pub project_status: ProjectStatus,
    /// Its place in the queue, where it has one; a snoozed or paused one too.
    pub entry: Option<ListedEntry>,
    /// The last message's text.
    pub last_body: Option<String>,
    /// Who wrote the last message.
    pub last_author: Option<Author>,
    /// Up to where the asking user has read it.
    pub read_seq: i64,
}

/// The queue's part of a row.
#[derive(Clone, Debug)]
pub struct ListedEntry {
    /// Where it stands.
    pub state: EntryState,
    /// Unhandled candidate messages.
    pub unread: i64,
    /// How the first of them begins; without any, what the candidate asks for.
    pub preview: String,
    /// Whether the candidate asks for a new chat link.
    pub asks_for_link: bool,
    /// Since when it waits.
    pub enqueued_at: Timestamp,
    /// By when it should be answered.
    pub due_at: Timestamp,
    /// Who holds it.
    pub holder: Option<HolderBrief>,
    /// Until when, unless renewed.
    pub lease_expires_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    conversation: ConversationColumns,
    project_name: Name,
    project_status: ProjectStatus,
    state: Option<EntryState>,
    unread: Option<i64>,
    preview: Option<String>,
    asks_for_link: Option<bool>,
    enqueued_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    holder_id: Option<Uuid>,
    holder_name: Option<Name>,
    lease_expires_at: Option<Timestamp>,
    last_body: Option<String>,
    last_author: Option<AuthorKind>,
    last_author_id: Option<Uuid>,
    last_author_name: Option<Name>,
    read_seq: i64,
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        let holder = row.holder_id.zip(row.holder_name).map(|(id, name)| HolderBrief { id, name });
        let entry = match (row.state, row.unread, row.enqueued_at, row.due_at) {
            (Some(state), Some(unread), Some(enqueued_at), Some(due_at)) => Some(ListedEntry {
                state,
                unread,
                preview: row.preview.unwrap_or_default(),
                asks_for_link: row.asks_for_link.unwrap_or_default(),
                enqueued_at,
                due_at,
                holder,
                lease_expires_at: row.lease_expires_at,
            }),
            _ => None,
        };
        let last_author = match (row.last_author, row.last_author_id, row.last_author_name) {
            (Some(kind), Some(id), Some(name)) => Some(Author { kind, id, name }),
            _ => None,
        };
        Self {
            conversation: row.conversation.into(),
            project_name: row.project_name,
            project_status: row.project_status,
            entry,
            last_body: row.last_body,
            last_author,
            read_seq: row.read_seq,
        }
    }
}

/// What narrows a list.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whose projects, and which one of them.
    pub scope: Scope,
    /// Only those that bear this label.
    pub label: Option<Label>,
    /// Only those that this user takes care of.
    pub assignee: Option<UserId>,
    /// Only those with messages that the asking user has not read.
    pub unread: bool,
    /// How many of the first ones are left out.
    pub skip: i64,
}

/// Which part of the conversations, apart from the queue.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// All of them.
    Every,
    /// Open ones that nobody takes care of.
    Unassigned,
    /// Open ones that the asking user takes care of or holds.
    Mine,
    /// Those that are snoozed or closed, as this says.
    SetAside(ConversationStatus),
}

/// Conversations with a waiting or claimed entry, in the queue's order.
///
/// # Errors
/// The store cannot be read.
pub async fn in_queue_order(
    conn: &mut Conn,
    organization: OrganizationId,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let Filter { scope, label, assignee, unread, skip } = filter;
    let rows: Vec<Row> = fetch_all!(
        conn,
        IN_QUEUE_ORDER,
        organization,
        scope.user,
        scope.all_projects,
        scope.project,
        label.as_ref().map(Label::folded),
        *assignee,
        *unread,
        limit,
        *skip
    )?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Conversations, those with the latest message first.
///
/// # Errors
/// The store cannot be read.
pub async fn latest_first(
    conn: &mut Conn,
    organization: OrganizationId,
    filter: &Filter,
    part: Part,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let Filter { scope: Scope { user, all_projects, project }, label, assignee, unread, skip } = filter;
    let label = label.as_ref().map(Label::folded);
    macro_rules! rows_of {
        ($statement:expr $(, $value:expr)?) => {
            fetch_all!(
                conn, $statement, organization, *user, *all_projects, *project, label, *assignee, *unread, limit, *skip
                $(, $value)?
            )
        };
    }
    let rows: Vec<Row> = match part {
        Part::Every => rows_of!(EVERY_ONE),
        Part::Unassigned => rows_of!(UNASSIGNED),
        Part::Mine => rows_of!(MINE),
        Part::SetAside(status) => rows_of!(SET_ASIDE, status),
    }?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Conversations in the order of their ids, those after `after` where one is named.
///
/// # Errors
/// The store cannot be read.
pub async fn by_id(
    conn: &mut Conn,
    organization: OrganizationId,
    scope: Scope,
    status: Option<ConversationStatus>,
    after: Option<ConversationId>,
    limit: i64,
) -> Result<Vec<Conversation>, StoreError> {
    let after = after.unwrap_or_else(|| Uuid::nil().into());
    let rows: Vec<Row> = fetch_all!(
        conn,
        BY_ID,
        organization,
        scope.user,
        scope.all_projects,
        scope.project,
        None::<String>,
        None::<UserId>,
        false,
        status,
        after,
        limit
    )?;
    Ok(rows.into_iter().map(|row| row.conversation.into()).collect())
}
