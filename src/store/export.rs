//! Everything of one organization, row by row, as JSON; one state of it, however long it takes. Secrets, also as hashes,
//! stay inside.

use futures::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::{Column, Row, TypeInfo, ValueRef, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    backend::{Conn, Engine},
    error::StoreError,
    statement::{Statement, statements},
    transaction::{Step, control},
};
use crate::domain::{ids::OrganizationId, time::Timestamp};

statements! {
    ORGANIZATION = "SELECT id, slug, name, target_urgent, target_normal, target_low, suspended_at, created_at
        FROM organizations WHERE id = $1";
    MEMBERS = "SELECT users.id AS \"user\", email, name, role, memberships.created_at FROM memberships
        JOIN users ON users.id = user_id WHERE organization_id = $1 ORDER BY users.id";
    INVITATIONS = "SELECT id, email, name, role, expires_at, created_at FROM invitations
        WHERE organization_id = $1 ORDER BY id";
    API_TOKENS = "SELECT id, name, role, last_used_at, revoked_at, created_at FROM api_tokens
        WHERE organization_id = $1 ORDER BY id";
    PROJECTS = "SELECT id, name, status, restricted, last_announcement_seq, created_at FROM projects
        WHERE organization_id = $1 ORDER BY id";
    TEAMS = "SELECT project_id AS project, user_id AS member FROM project_members JOIN projects ON id = project_id
        WHERE organization_id = $1 ORDER BY project_id, user_id";
    CANDIDATES = "SELECT id, name, email, phone, locale, time_zone, external_id, created_at FROM candidates
        WHERE organization_id = $1 ORDER BY id";
    CONVERSATIONS = "SELECT id, project_id AS project, candidate_id AS candidate, status, snooze_until AS snooze_until_at,
        assignee_id AS assignee, priority, last_seq, last_note_seq, handled_seq, candidate_read_seq, team_read_seq,
        last_message_at, created_at FROM conversations WHERE organization_id = $1 ORDER BY id";
    LABELS = "SELECT conversation_id AS conversation, label FROM conversation_labels WHERE organization_id = $1
        ORDER BY conversation_id, label";
    MESSAGES = "SELECT id, conversation_id AS conversation, seq, kind, author_kind, author_id, author_name, body,
        client_id, created_at, edited_at, deleted_at FROM messages WHERE organization_id = $1
        ORDER BY conversation_id, seq";
    NOTES = "SELECT id, conversation_id AS conversation, seq, after_seq, author_kind, author_id, author_name, body,
        client_id, created_at FROM notes WHERE organization_id = $1 ORDER BY conversation_id, seq";
    ANNOUNCEMENTS = "SELECT id, project_id AS project, seq, author_kind, author_id, author_name, body, client_id,
        created_at FROM announcements WHERE organization_id = $1 ORDER BY project_id, seq";
    CHAT_LINKS = "SELECT id, conversation_id AS conversation, expires_at, revoked_at, created_at FROM chat_links
        WHERE organization_id = $1 ORDER BY id";
    QUEUE = "SELECT id, project_id AS project, conversation_id AS conversation, priority, state, unread, first_seq,
        last_seq, asks_for_link, outcome, enqueued_at, due_at, holder_kind, holder_id, holder_name, lease_expires_at FROM queue_entries
        WHERE organization_id = $1 ORDER BY id";
    AUDIT = "SELECT id, actor_kind, actor_id AS actor, actor_name, action, subject_kind, subject_id AS subject,
        subject_label, whence, facts, created_at FROM audit_entries WHERE organization_id = $1 ORDER BY id";
}

/// The tables, each with the name of its file.
const TABLES: [(&str, Statement); 15] = [
    ("organization", ORGANIZATION),
    ("members", MEMBERS),
    ("invitations", INVITATIONS),
    ("api_tokens", API_TOKENS),
    ("projects", PROJECTS),
    ("project_teams", TEAMS),
    ("candidates", CANDIDATES),
    ("conversations", CONVERSATIONS),
    ("conversation_labels", LABELS),
    ("messages", MESSAGES),
    ("notes", NOTES),
    ("announcements", ANNOUNCEMENTS),
    ("chat_links", CHAT_LINKS),
    ("queue_entries", QUEUE),
    ("audit_entries", AUDIT),
];

/// Takes the rows: the table's name first, then each of its rows.
pub trait Sink: Send {
    /// A table begins.
    ///
    /// # Errors
    /// It cannot be written.
    fn table(&mut self, name: &str) -> std::io::Result<()>;
    /// A row of it.
    ///
    /// # Errors
    /// It cannot be written.
    fn row(&mut self, row: Map<String, Value>) -> std::io::Result<()>;
}

/// Gives everything of an organization to a sink.
///
/// # Errors
/// The store cannot be read, or the sink cannot be written.
pub async fn export(conn: &mut Conn, organization: OrganizationId, sink: &mut impl Sink) -> Result<(), StoreError> {
    begin(conn).await?;
    let outcome = tables(conn, organization, sink).await;
    control(conn, Step::Rollback).await?;
    outcome
}

async fn begin(conn: &mut Conn) -> Result<(), StoreError> {
    let outcome = match conn.engine() {
        Engine::Sqlite(connection) => sqlx::raw_sql("BEGIN").execute(&mut **connection).await.map(drop),
        Engine::Postgres(connection) => {
            // It locks nothing that others wait for, so it may take its time over a slow disk.
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
                         SET LOCAL idle_in_transaction_session_timeout = 0";
            sqlx::raw_sql(begin).execute(&mut **connection).await.map(drop)
        }
    };
    outcome.map_err(|error| StoreError::new("begin", error))
}

async fn tables(conn: &mut Conn, organization: OrganizationId, sink: &mut impl Sink) -> Result<(), StoreError> {
    let unwritten = |error: std::io::Error| StoreError::Settings(format!("the export cannot be written: {error}"));
    for (name, statement) in TABLES {
        sink.table(name).map_err(unwritten)?;
        let failed = |error| StoreError::new(statement.name, error);
        match conn.engine() {
            Engine::Sqlite(connection) => {
                let mut rows = sqlx::query(statement.sqlite).bind(organization).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await.map_err(failed)? {
                    sink.row(sqlite(&row).map_err(failed)?).map_err(unwritten)?;
                }
            }
            Engine::Postgres(connection) => {
                let mut rows = sqlx::query(statement.postgres).bind(organization).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await.map_err(failed)? {
                    sink.row(postgres(&row).map_err(failed)?).map_err(unwritten)?;
                }
            }
        }
    }
    Ok(())
}

fn sqlite(row: &SqliteRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut object = Map::new();
    for (at, column) in row.columns().iter().enumerate() {
        let value = row.try_get_raw(at)?;
        let value = match value.type_info().name() {
            _ if value.is_null() => Value::Null,
            "INTEGER" => number(column.name(), row.try_get(at)?),
            "BLOB" => Value::String(row.try_get::<Uuid, _>(at)?.to_string()),
            _ => Value::String(row.try_get(at)?),
        };
        object.insert(column.name().to_owned(), value);
    }
    Ok(object)
}

fn postgres(row: &PgRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut object = Map::new();
    for (at, column) in row.columns().iter().enumerate() {
        let value = row.try_get_raw(at)?;
        let value = match value.type_info().name() {
            _ if value.is_null() => Value::Null,
            "INT8" => number(column.name(), row.try_get(at)?),
            "BOOL" => Value::Bool(row.try_get(at)?),
            "UUID" => Value::String(row.try_get::<Uuid, _>(at)?.to_string()),
            _ => Value::String(row.try_get(at)?),
        };
        object.insert(column.name().to_owned(), value);
    }
    Ok(object)
}

/// Numbers that are moments, and SQLite's numbers that are yes or no, become what they mean.
fn number(column: &str, value: i64) -> Value {
    match column {
        "restricted" => Value::Bool(value != 0),
        _ if column.ends_with("_at") => Value::String(Timestamp::from_unix_millis(value).to_string()),
        _ => Value::from(value),
    }
}
