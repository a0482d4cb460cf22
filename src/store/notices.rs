//! How a process learns what another has committed.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{Statement, execute, fetch_all, statements},
};
use crate::{
    clock::Clock,
    domain::{event::Event, ids::MessageId},
};

statements! {
    WRITE_NOTICE = "INSERT INTO notices (id, event) VALUES ($1, $2)";
    READ_NOTICES = "SELECT id, event FROM notices ORDER BY id LIMIT 200";
    REMOVE_NOTICE = "DELETE FROM notices WHERE id = $1";
    CLEAR_NOTICES = "DELETE FROM notices";
}

/// PostgreSQL's own: one notification, delivered at the commit and in the order of commits. Not in the list, since SQLite
/// has nothing to prepare for it.
const NOTIFY: Statement =
    Statement { name: "NOTIFY", sqlite: "SELECT 1", postgres: "SELECT pg_notify('hearback', $1)" };

/// The most bytes that PostgreSQL takes in one notification, with some room.
const NOTIFICATION_BYTES: usize = 7_500;

/// Takes what has become durable, in the order of the commits.
pub trait Listener: Send + Sync {
    /// Takes the events of one transaction. The committer calls it between two transactions, so it must not wait.
    fn receive(&self, events: Vec<Event>);
}

/// How others learn of a commit.
#[derive(Clone)]
pub enum Announcing {
    /// By a listener in this process, after the commit: a server on SQLite.
    Here(Arc<dyn Listener>),
    /// By a row in `notices`, within the commit: a command beside a server on SQLite.
    Notices,
    /// By `pg_notify`, within the commit: every process on PostgreSQL.
    Notify,
    /// Not at all: nobody else is there.
    Nobody,
}

/// Tells other processes within the transaction.
pub(super) async fn write(
    conn: &mut Conn,
    clock: &Clock,
    announcing: &Announcing,
    events: &[Event],
) -> Result<(), StoreError> {
    match announcing {
        Announcing::Here(_) | Announcing::Nobody => Ok(()),
        Announcing::Notices => {
            for event in events {
                let text = serde_json::to_string(event).map_err(|_| StoreError::Damaged("event"))?;
                execute!(conn, WRITE_NOTICE, clock.new_id::<MessageId>(), text.as_str())?;
            }
            Ok(())
        }
        Announcing::Notify => {
            for text in notifications(events)? {
                execute!(conn, NOTIFY, text.as_str())?;
            }
            Ok(())
        }
    }
}

/// The events as JSON arrays, each short enough for one notification.
fn notifications(events: &[Event]) -> Result<Vec<String>, StoreError> {
    let mut texts: Vec<String> = Vec::new();
    for event in events {
        let text = serde_json::to_string(event).map_err(|_| StoreError::Damaged("event"))?;
        match texts.last_mut() {
            Some(last) if last.len() + text.len() < NOTIFICATION_BYTES => {
                last.push(',');
                last.push_str(&text);
            }
            _ => texts.push(format!("[{text}")),
        }
    }
    texts.iter_mut().for_each(|text| text.push(']'));
    Ok(texts)
}

/// What other processes have left to be told, oldest first.
///
/// # Errors
/// The store cannot be read.
pub async fn read(conn: &mut Conn) -> Result<Vec<(Uuid, String)>, StoreError> {
    fetch_all!(conn, READ_NOTICES)
}

/// Takes one away that was told.
///
/// # Errors
/// The store cannot be written.
pub async fn remove(conn: &mut Conn, id: Uuid) -> Result<(), StoreError> {
    execute!(conn, REMOVE_NOTICE, id).map(drop)
}

/// Takes all away; for a server that starts and has loaded everything anyway.
///
/// # Errors
/// The store cannot be written.
pub async fn clear(conn: &mut Conn) -> Result<(), StoreError> {
    execute!(conn, CLEAR_NOTICES).map(drop)
}
