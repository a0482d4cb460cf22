//! Filling the full-text index with what was written.

use sqlx::FromRow;

use super::Place;
use crate::{
    domain::words::terms,
    store::{
        backend::{Conn, Engine},
        error::StoreError,
        many::array,
        statement::{Statement, execute, fetch_all, fetch_one, statements},
    },
};

/// The last row that is in an index of SQLite.
macro_rules! last_indexed {
    ($kind:literal) => {
        concat!("COALESCE((SELECT rowid FROM ", $kind, "_search ORDER BY rowid DESC LIMIT 1), 0)")
    };
}

/// Whether rows are not in the index of their kind.
macro_rules! any {
    (sqlite $kind:literal) => {
        concat!(
            "SELECT EXISTS (SELECT 1 FROM ",
            $kind,
            " WHERE row > ",
            last_indexed!($kind),
            ") OR EXISTS (SELECT 1 FROM search_changed WHERE kind = '",
            $kind,
            "')"
        )
    };
    (postgres $kind:literal) => {
        concat!("SELECT EXISTS (SELECT 1 FROM ", $kind, " WHERE search IS NULL)")
    };
}

/// The rows that are not in the index of their kind: on SQLite those after the last one that is, then those that were
/// changed since. On PostgreSQL other servers fill the same index: those that one of
/// them has locked are left to it, so that nobody waits for each other.
macro_rules! unindexed {
    (sqlite $kind:literal, $text:literal, $whole:literal) => {
        concat!(
            "SELECT * FROM (SELECT CAST(m.row AS TEXT) AS key, ",
            $text,
            " AS text, ",
            $whole,
            " AS whole FROM ",
            $kind,
            " m WHERE m.row > ",
            last_indexed!($kind),
            " ORDER BY m.row LIMIT $1) AS fresh UNION ALL SELECT * FROM (SELECT CAST(m.row AS TEXT), ",
            $text,
            ", ",
            $whole,
            " FROM search_changed s CROSS JOIN ",
            $kind,
            " m WHERE s.kind = '",
            $kind,
            "' AND m.row = s.row AND s.row <= ",
            last_indexed!($kind),
            " LIMIT $1) AS outdated"
        )
    };
    (postgres $kind:literal, $text:literal, $whole:literal) => {
        concat!(
            "SELECT CAST(m.id AS TEXT) AS key, ",
            $text,
            " AS text, ",
            $whole,
            " AS whole FROM ",
            $kind,
            " m WHERE m.search IS NULL ORDER BY m.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED"
        )
    };
}

macro_rules! write_terms {
    (sqlite $kind:literal) => {
        concat!(
            "INSERT OR REPLACE INTO ",
            $kind,
            "_search (rowid, terms) SELECT CAST(v.value ->> 0 AS INTEGER), v.value ->> 1 FROM jsonb_each($1) AS v"
        )
    };
    (postgres $kind:literal) => {
        concat!(
            "UPDATE ",
            $kind,
            " AS m SET search = array_to_tsvector(string_to_array(v.value ->> 1, ' ')) \
             FROM jsonb_each($1) AS v WHERE m.id = CAST(v.value ->> 0 AS UUID)"
        )
    };
}

statements! {
    ANY_MESSAGES = any!(sqlite "messages"), postgres any!(postgres "messages");
    UNINDEXED_MESSAGES = unindexed!(sqlite "messages", "m.body", "CAST(NULL AS TEXT)"),
        postgres unindexed!(postgres "messages", "m.body", "CAST(NULL AS TEXT)");
    WRITE_MESSAGES = write_terms!(sqlite "messages"), postgres write_terms!(postgres "messages");
    ANY_NOTES = any!(sqlite "notes"), postgres any!(postgres "notes");
    UNINDEXED_NOTES = unindexed!(sqlite "notes", "m.body", "CAST(NULL AS TEXT)"),
        postgres unindexed!(postgres "notes", "m.body", "CAST(NULL AS TEXT)");
    WRITE_NOTES = write_terms!(sqlite "notes"), postgres write_terms!(postgres "notes");
    ANY_ANNOUNCEMENTS = any!(sqlite "announcements"), postgres any!(postgres "announcements");
    UNINDEXED_ANNOUNCEMENTS = unindexed!(sqlite "announcements", "m.body", "CAST(NULL AS TEXT)"),
        postgres unindexed!(postgres "announcements", "m.body", "CAST(NULL AS TEXT)");
    WRITE_ANNOUNCEMENTS = write_terms!(sqlite "announcements"), postgres write_terms!(postgres "announcements");
    ANY_CANDIDATES = any!(sqlite "candidates"), postgres any!(postgres "candidates");
    UNINDEXED_CANDIDATES = unindexed!(sqlite "candidates", "m.name || COALESCE(' , ' || m.email, '') || COALESCE(' , ' || m.phone, '')", "m.external_id"),
        postgres unindexed!(postgres "candidates", "m.name || COALESCE(' , ' || m.email, '') || COALESCE(' , ' || m.phone, '')", "m.external_id");
    WRITE_CANDIDATES = write_terms!(sqlite "candidates"), postgres write_terms!(postgres "candidates");
}

// SQLite's own. Not in the list, since PostgreSQL has nothing to prepare for it.
const FORGET_CHANGED: Statement = Statement {
    name: "FORGET_CHANGED",
    sqlite: "DELETE FROM search_changed WHERE kind = $2 AND row IN \
        (SELECT CAST(v.value ->> 0 AS INTEGER) FROM jsonb_each($1) AS v)",
    postgres: "SELECT 1",
};

/// The most bytes of text that are folded in one transaction; others wait for it to write.
const MAX_BYTES: usize = 256 << 10;

#[derive(FromRow)]
struct Unindexed {
    /// SQLite's number of the row, or its id.
    key: String,
    text: String,
    /// What is also found as one word.
    whole: Option<String>,
}

/// Whether rows of a kind wait to be put into its index.
///
/// # Errors
/// The store cannot be read.
pub async fn any_unindexed(conn: &mut Conn, place: Place) -> Result<bool, StoreError> {
    let statement = match place {
        Place::Messages => ANY_MESSAGES,
        Place::Notes => ANY_NOTES,
        Place::Announcements => ANY_ANNOUNCEMENTS,
        Place::Candidates => ANY_CANDIDATES,
    };
    let (any,): (bool,) = fetch_one!(conn, statement)?;
    Ok(any)
}

/// Puts the next rows of a kind into its index, at most so many; whether there may be more of them.
///
/// # Errors
/// The store cannot be read or written.
pub async fn index(conn: &mut Conn, place: Place, at_most: i64) -> Result<bool, StoreError> {
    let (kind, read, write) = match place {
        Place::Messages => ("messages", UNINDEXED_MESSAGES, WRITE_MESSAGES),
        Place::Notes => ("notes", UNINDEXED_NOTES, WRITE_NOTES),
        Place::Announcements => ("announcements", UNINDEXED_ANNOUNCEMENTS, WRITE_ANNOUNCEMENTS),
        Place::Candidates => ("candidates", UNINDEXED_CANDIDATES, WRITE_CANDIDATES),
    };
    let rows: Vec<Unindexed> = fetch_all!(conn, read, at_most)?;
    // None: another server has locked them and is about to put them in.
    let is_full = rows.is_empty() || rows.len() as u64 >= at_most.unsigned_abs();
    let mut bytes = 0;
    let few = rows.into_iter().take_while(|row| {
        let is_first = bytes == 0;
        bytes += row.text.len() + 1;
        is_first || bytes <= MAX_BYTES
    });
    let indexed = array(few.map(|row| (row.key, terms(&row.text, row.whole.as_deref()))));
    execute!(conn, write, indexed.as_str())?;
    if let Engine::Sqlite(_) = conn.engine() {
        execute!(conn, FORGET_CHANGED, indexed.as_str(), kind)?;
    }
    Ok(is_full || bytes > MAX_BYTES)
}
