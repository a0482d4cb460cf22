//! Heartbeats: the hidden project of each server, and what came of them.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, statements},
};
use crate::domain::{
    heartbeat::{self, Beat, Stage},
    ids::{ApiTokenId, CandidateId, ConversationId, HeartbeatId, Id, OrganizationId, ProjectId},
    link::SecretHash,
    queue::Priority,
    time::Timestamp,
};

statements! {
    LANES = "SELECT id, candidate_id, priority FROM conversations WHERE project_id = $1 ORDER BY id";
    SET_LANE_PRIORITY = "UPDATE conversations SET priority = $2 WHERE id = $1";
    RENEW_TOKEN = "UPDATE api_tokens SET secret_hash = $3 WHERE organization_id = $1 AND id = $2";
    INSERT_BEAT = "INSERT INTO heartbeats (id, node, priority, began_at, connect_us, post_us, claim_us, resolve_us, \
        fan_out_us, total_us, failed_stage) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LATEST_BEATS = "SELECT id, node, priority, began_at, connect_us, post_us, claim_us, resolve_us, fan_out_us, total_us, \
        failed_stage FROM heartbeats newest ORDER BY id DESC LIMIT $1";
    FORGET_BEATS = "DELETE FROM heartbeats WHERE id < $1";
    // The messages and entries of heartbeats are of no use once they have travelled.
    FORGET_MESSAGES = "DELETE FROM messages WHERE conversation_id = $1 \
        AND seq < (SELECT c.last_seq FROM conversations c WHERE c.id = $1)";
    FORGET_ENTRIES = "DELETE FROM queue_entries WHERE conversation_id = $1 AND state = 'ended'";
    // What belongs to servers that are not known any more.
    FORGET_PROJECTS = "DELETE FROM projects WHERE organization_id = $1 AND id NOT IN (SELECT servers.project_id FROM nodes servers)";
    FORGET_CANDIDATES = "DELETE FROM candidates WHERE organization_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.candidate_id = candidates.id)";
    FORGET_TOKENS = "DELETE FROM api_tokens WHERE organization_id = $1 AND id NOT IN (SELECT servers.token_id FROM nodes servers)";
}

/// A conversation in which heartbeats of one priority run, and its candidate.
pub type Lane = (ConversationId, CandidateId, Priority);

/// The conversations of a hidden project.
///
/// # Errors
/// The store cannot be read.
pub async fn lanes(conn: &mut Conn, project: ProjectId) -> Result<Vec<Lane>, StoreError> {
    fetch_all!(conn, LANES, project)
}

/// Sets the priority of a conversation that was just made.
///
/// # Errors
/// The store cannot be written.
pub async fn set_priority(conn: &mut Conn, lane: ConversationId, priority: Priority) -> Result<(), StoreError> {
    execute!(conn, SET_LANE_PRIORITY, lane, priority).map(drop)
}

/// Gives a hidden token another secret; `false` where there is none.
///
/// # Errors
/// The store cannot be written.
pub async fn renew_token(conn: &mut Conn, token: ApiTokenId, secret: SecretHash) -> Result<bool, StoreError> {
    Ok(execute!(conn, RENEW_TOKEN, heartbeat::organization(), token, secret)? > 0)
}

/// Keeps what came of a heartbeat.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, beat: &Beat) -> Result<(), StoreError> {
    let [connect, post, claim, resolve, fan_out] = beat.stages_us;
    let failed = beat.failed.map(Stage::as_str);
    let (id, node, priority, began_at) = (beat.id, beat.node.as_str(), beat.priority, beat.began_at);
    execute!(
        conn,
        INSERT_BEAT,
        id,
        node,
        priority,
        began_at,
        connect,
        post,
        claim,
        resolve,
        fan_out,
        beat.total_us,
        failed
    )
    .map(drop)
}

/// Takes away what a heartbeat has left on its way: messages but the last, and ended entries.
///
/// # Errors
/// The store cannot be written.
pub async fn tidy(conn: &mut Conn, lane: ConversationId) -> Result<(), StoreError> {
    execute!(conn, FORGET_MESSAGES, lane)?;
    execute!(conn, FORGET_ENTRIES, lane).map(drop)
}

#[derive(FromRow)]
struct BeatRow {
    id: HeartbeatId,
    node: String,
    priority: Priority,
    began_at: Timestamp,
    connect_us: Option<i64>,
    post_us: Option<i64>,
    claim_us: Option<i64>,
    resolve_us: Option<i64>,
    fan_out_us: Option<i64>,
    total_us: Option<i64>,
    failed_stage: Option<Stage>,
}

impl From<BeatRow> for Beat {
    fn from(row: BeatRow) -> Self {
        Self {
            id: row.id,
            node: row.node,
            priority: row.priority,
            began_at: row.began_at,
            stages_us: [row.connect_us, row.post_us, row.claim_us, row.resolve_us, row.fan_out_us],
            total_us: row.total_us,
            failed: row.failed_stage,
        }
    }
}

/// The latest of all servers, the last first.
///
/// # Errors
/// The store cannot be read.
pub async fn latest(conn: &mut Conn, at_most: i64) -> Result<Vec<Beat>, StoreError> {
    let rows: Vec<BeatRow> = fetch_all!(conn, LATEST_BEATS, at_most)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Forgets what came of those before a moment.
///
/// # Errors
/// The store cannot be written.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> Result<u64, StoreError> {
    execute!(conn, FORGET_BEATS, HeartbeatId::least_at(before))
}

/// Takes away the hidden projects, candidates and tokens of servers that are not known any more.
///
/// # Errors
/// The store cannot be written.
pub async fn forget_orphans(conn: &mut Conn) -> Result<(), StoreError> {
    let house: OrganizationId = heartbeat::organization();
    execute!(conn, FORGET_PROJECTS, house)?;
    execute!(conn, FORGET_CANDIDATES, house)?;
    execute!(conn, FORGET_TOKENS, house).map(drop)
}
