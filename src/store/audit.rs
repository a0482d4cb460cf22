//! The audit log. It is only ever added to: both engines refuse everything else.

use sqlx::FromRow;
use uuid::Uuid;

use super::{
    backend::Conn,
    change::Tx,
    error::StoreError,
    statement::{fetch_all, fetch_optional, statements, write_later},
};
use crate::domain::{
    access::Whence,
    audit::{Act, Action, ActorKind, By, Entry, Facts, Subject, SubjectKind},
    ids::{AuditId, Id, OrganizationId},
    organization::Slug,
    text::Name,
    time::Timestamp,
};

/// The newest first, between two ids. `$also` is the narrowest of the conditions once more, without which the planner would
/// not find the index that begins with it.
macro_rules! newest_first {
    ($also:literal) => {
        concat!(
            "SELECT id, organization_id, organization_slug, actor_kind, actor_id, actor_name, action, subject_kind, \
             subject_id, subject_label, whence, facts, created_at FROM audit_entries WHERE id < $1 AND id >= $2 \
             AND (organization_id = $3 OR $3 IS NULL) AND (action = $4 OR $4 IS NULL) \
             AND (actor_id = $5 OR $5 IS NULL) AND (actor_kind = $6 OR $6 IS NULL)",
            $also,
            " ORDER BY id DESC LIMIT $7"
        )
    };
}

statements! {
    // What somebody or something was called is looked up where only the id was at hand.
    INSERT_AUDIT_ENTRY = "INSERT INTO audit_entries (id, organization_id, organization_slug, actor_kind, actor_id, \
        actor_name, action, subject_kind, subject_id, subject_label, whence, facts, created_at) \
        VALUES ($1, $2, (SELECT slug FROM organizations WHERE id = $2), $3, $4, \
        COALESCE($5, (SELECT name FROM users WHERE id = $4)), $6, $7, $8, \
        COALESCE($9, (SELECT name FROM users WHERE id = $8), (SELECT name FROM api_tokens WHERE id = $8)), $10, $11, $12)";
    FIND_AUDIT_ENTRY = "SELECT id FROM audit_entries WHERE id = $1";
    AUDIT_OF_ALL = newest_first!("");
    AUDIT_OF_ORGANIZATION = newest_first!(" AND organization_id = $3");
    AUDIT_OF_ACTION = newest_first!(" AND action = $4");
    AUDIT_OF_ACTOR = newest_first!(" AND actor_id = $5");
    REMOVED_ORGANIZATIONS = "SELECT organization_id, organization_slug FROM audit_entries WHERE action = $1 ORDER BY id";
}

#[derive(FromRow)]
struct EntryRow {
    id: AuditId,
    organization_id: Option<OrganizationId>,
    organization_slug: Option<Slug>,
    actor_kind: ActorKind,
    actor_id: Option<Uuid>,
    actor_name: Option<Name>,
    action: Action,
    subject_kind: Option<SubjectKind>,
    subject_id: Option<Uuid>,
    subject_label: Option<Name>,
    whence: Whence,
    facts: String,
    created_at: Timestamp,
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let subject = row.subject_kind.zip(row.subject_id);
        Ok(Self {
            id: row.id,
            created_at: row.created_at,
            organization: row.organization_id.map(|id| (id, row.organization_slug)),
            by: By { kind: row.actor_kind, id: row.actor_id, name: row.actor_name, whence: row.whence },
            action: row.action,
            subject: subject.map(|(kind, id)| Subject { kind, id, label: row.subject_label }),
            facts: serde_json::from_str::<Facts>(&row.facts).map_err(|_| StoreError::Damaged("fact"))?,
        })
    }
}

/// Which entries are asked for; `None` is all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Those in an organization.
    pub organization: Option<OrganizationId>,
    /// Those of one thing done.
    pub action: Option<Action>,
    /// Those of one actor.
    pub actor: Option<Uuid>,
    /// Those of one kind of actor.
    pub actor_kind: Option<ActorKind>,
    /// Those since that moment.
    pub from: Option<Timestamp>,
    /// Those before that moment.
    pub until: Option<Timestamp>,
}

/// Writes down what somebody did, within the change that does it.
///
/// # Errors
/// The store cannot be written.
pub async fn record(tx: &mut Tx, act: Act) -> Result<(), StoreError> {
    let id = tx.new_id();
    write(tx, id, act).await
}

/// As [`record`], for what several changes do together: the first of them writes the entry of that id.
///
/// # Errors
/// The store cannot be written.
pub async fn record_once(tx: &mut Tx, id: AuditId, act: Act) -> Result<(), StoreError> {
    let there: Option<(AuditId,)> = fetch_optional!(&mut tx.conn, FIND_AUDIT_ENTRY, id)?;
    if there.is_some() { Ok(()) } else { write(tx, id, act).await }
}

async fn write(tx: &mut Tx, id: AuditId, act: Act) -> Result<(), StoreError> {
    let now = tx.now();
    let facts = serde_json::to_string(&act.facts).expect("texts are JSON");
    let Act { by, action, organization, subject, .. } = act;
    let (kind, of, label) = match subject {
        Some(Subject { kind, id, label }) => (Some(kind), Some(id), label),
        None => (None, None, None),
    };
    write_later!(
        &mut tx.conn,
        INSERT_AUDIT_ENTRY,
        id,
        organization,
        by.kind,
        by.id,
        by.name,
        action,
        kind,
        of,
        label,
        by.whence,
        facts,
        now
    )
}

/// The newest entries that fit, those before `before` where one is named; at most `limit`.
///
/// # Errors
/// The store cannot be read.
pub async fn newest(
    conn: &mut Conn,
    filter: Filter,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let Filter { organization, action, actor, actor_kind, from, until } = filter;
    let until = until.map(AuditId::least_at);
    let before = before.into_iter().chain(until).min().unwrap_or_else(|| Uuid::max().into());
    let since = from.map_or_else(|| Uuid::nil().into(), AuditId::least_at);
    macro_rules! rows_of {
        ($statement:expr) => {
            fetch_all!(conn, $statement, before, since, organization, action, actor, actor_kind, limit)
        };
    }
    let rows: Vec<EntryRow> = match filter {
        Filter { actor: Some(_), .. } => rows_of!(AUDIT_OF_ACTOR),
        Filter { organization: Some(_), .. } => rows_of!(AUDIT_OF_ORGANIZATION),
        Filter { action: Some(_), .. } => rows_of!(AUDIT_OF_ACTION),
        _ => rows_of!(AUDIT_OF_ALL),
    }?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The organizations that were removed, with the names they had in addresses, in that order.
///
/// # Errors
/// The store cannot be read.
pub async fn removed_organizations(conn: &mut Conn) -> Result<Vec<(OrganizationId, Slug)>, StoreError> {
    fetch_all!(conn, REMOVED_ORGANIZATIONS, Action::OrganizationRemoved)
}
