//! How much waits in the whole installation, and for how long.

use std::collections::HashMap;

use crate::{
    domain::{
        heartbeat,
        queue::{EntryState, Priority},
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_all, fetch_one, fetch_optional, statements},
    },
};

macro_rules! oldest_of {
    ($priority:literal) => {
        concat!(
            "(SELECT MIN(enqueued_at) FROM queue_entries WHERE state = 'waiting' AND priority = '",
            $priority,
            "' AND organization_id <> $1)"
        )
    };
}

statements! {
    COUNT_EVERYWHERE = "SELECT counted.state, CAST(SUM(counted.count) AS BIGINT) FROM queue_counts counted \
        WHERE counted.project_id NOT IN (SELECT p.id FROM projects p WHERE p.organization_id = $1) GROUP BY counted.state";
    OLDEST = concat!("SELECT ", oldest_of!("urgent"), ", ", oldest_of!("normal"), ", ", oldest_of!("low"));
    LAST_FROM_CANDIDATE = "SELECT newest.created_at FROM messages newest WHERE newest.author_kind = 'candidate' \
        AND newest.organization_id <> $1 ORDER BY newest.id DESC LIMIT 1";
}

/// The queues of all organizations together, without heartbeats.
#[derive(Clone, Debug, Default)]
pub struct Depth {
    /// Entries that wait.
    pub waiting: i64,
    /// Entries that somebody holds.
    pub claimed: i64,
    /// Entries that are set aside.
    pub snoozed: i64,
    /// Since when the oldest waits, of each priority of which one does.
    pub oldest: HashMap<Priority, Timestamp>,
    /// When the last candidate's message was written.
    pub last_candidate_message: Option<Timestamp>,
}

/// Looks at all of them.
///
/// # Errors
/// The store cannot be read.
pub async fn everywhere(conn: &mut Conn) -> Result<Depth, StoreError> {
    let house = heartbeat::organization();
    let mut depth = Depth::default();
    let counts: Vec<(EntryState, i64)> = fetch_all!(conn, COUNT_EVERYWHERE, house)?;
    for (state, count) in counts {
        match state {
            EntryState::Waiting => depth.waiting = count,
            EntryState::Claimed => depth.claimed = count,
            EntryState::Snoozed => depth.snoozed = count,
            EntryState::Paused | EntryState::Ended => {}
        }
    }
    let (urgent, normal, low): (Option<Timestamp>, Option<Timestamp>, Option<Timestamp>) =
        fetch_one!(conn, OLDEST, house)?;
    let oldest = [(Priority::Urgent, urgent), (Priority::Normal, normal), (Priority::Low, low)];
    depth.oldest = oldest.into_iter().filter_map(|(priority, since)| Some((priority, since?))).collect();
    let last: Option<(Timestamp,)> = fetch_optional!(conn, LAST_FROM_CANDIDATE, house)?;
    depth.last_candidate_message = last.map(|(time,)| time);
    Ok(depth)
}
