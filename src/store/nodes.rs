//! The servers of an installation.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    ids::{ApiTokenId, NodeId, ProjectId},
    node::Node,
    time::Timestamp,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT name, node_id, version, project_id, token_id, started_at, seen_at, stopped_at FROM nodes servers",
            $rest
        )
    };
}

statements! {
    FIND_NODE = select!(" WHERE name = $1");
    LIST_NODES = select!(" ORDER BY name");
    SAVE_NODE = "INSERT INTO nodes (name, node_id, version, project_id, token_id, started_at, seen_at, stopped_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) ON CONFLICT (name) DO UPDATE SET node_id = excluded.node_id, \
        version = excluded.version, project_id = excluded.project_id, token_id = excluded.token_id, \
        started_at = excluded.started_at, seen_at = excluded.seen_at, stopped_at = NULL";
    NODE_SEEN = "UPDATE nodes SET seen_at = $3 WHERE name = $1 AND node_id = $2";
    NODE_STOPPED = "UPDATE nodes SET stopped_at = $3 WHERE name = $1 AND node_id = $2";
    FORGET_NODES = "DELETE FROM nodes AS servers WHERE name <> $1 AND seen_at < $2";
    FORGET_NODE = "DELETE FROM nodes WHERE name = $1";
}

#[derive(FromRow)]
struct NodeRow {
    name: String,
    node_id: NodeId,
    version: String,
    project_id: ProjectId,
    token_id: ApiTokenId,
    started_at: Timestamp,
    seen_at: Timestamp,
    stopped_at: Option<Timestamp>,
}

impl From<NodeRow> for Node {
    fn from(row: NodeRow) -> Self {
        Self {
            name: row.name,
            id: row.node_id,
            version: row.version,
            project: row.project_id,
            token: row.token_id,
            started_at: row.started_at,
            seen_at: row.seen_at,
            stopped_at: row.stopped_at,
        }
    }
}

/// The one of that name.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, name: &str) -> Result<Option<Node>, StoreError> {
    let row: Option<NodeRow> = fetch_optional!(conn, FIND_NODE, name)?;
    Ok(row.map(Into::into))
}

/// All that are known, by name.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn) -> Result<Vec<Node>, StoreError> {
    let rows: Vec<NodeRow> = fetch_all!(conn, LIST_NODES)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Keeps one that has started, in place of the one that bore its name before.
///
/// # Errors
/// The store cannot be written.
pub async fn save(conn: &mut Conn, node: &Node) -> Result<(), StoreError> {
    let (name, version) = (node.name.as_str(), node.version.as_str());
    execute!(conn, SAVE_NODE, name, node.id, version, node.project, node.token, node.started_at, node.seen_at).map(drop)
}

/// Keeps that it was heard of.
///
/// # Errors
/// The store cannot be written.
pub async fn seen(conn: &mut Conn, name: &str, id: NodeId, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, NODE_SEEN, name, id, now).map(drop)
}

/// Keeps that it stopped in order.
///
/// # Errors
/// The store cannot be written.
pub async fn stopped(conn: &mut Conn, name: &str, id: NodeId, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, NODE_STOPPED, name, id, now).map(drop)
}

/// Forgets all but one that were last heard of before a moment.
///
/// # Errors
/// The store cannot be written.
pub async fn forget(conn: &mut Conn, but: &str, before: Timestamp) -> Result<(), StoreError> {
    execute!(conn, FORGET_NODES, but, before).map(drop)
}

/// Forgets one; `false` where there was none.
///
/// # Errors
/// The store cannot be written.
pub async fn forget_one(conn: &mut Conn, name: &str) -> Result<bool, StoreError> {
    Ok(execute!(conn, FORGET_NODE, name)? > 0)
}
