//! Where the next part of a list begins, as opaque text.

use std::{fmt::Display, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use crate::{
    app::queue::Turn,
    domain::{
        page::{StreamPage, Stretch},
        problem::Problem,
        time::Timestamp,
    },
};

fn refused() -> Problem {
    Problem::invalid("cursor", "Take the cursor from next_cursor of the answer before.")
}

fn decode(raw: &str) -> Result<String, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(raw).map_err(|_| refused())?;
    String::from_utf8(bytes).map_err(|_| refused())
}

/// The cursor of a list that is ordered by id.
pub fn after_id(id: impl Display) -> String {
    URL_SAFE_NO_PAD.encode(format!("id {id}"))
}

/// The id after which a list goes on.
///
/// # Errors
/// `invalid` on `cursor` for one that we never gave.
pub fn id<T: FromStr>(raw: &str) -> Result<T, Problem> {
    decode(raw)?.strip_prefix("id ").and_then(|id| id.parse().ok()).ok_or_else(refused)
}

/// The cursor of the queue.
pub fn after_turn(turn: Turn) -> String {
    URL_SAFE_NO_PAD.encode(format!("due {} {}", turn.due_at.unix_millis(), turn.id))
}

/// The turn in the queue behind which a list goes on.
///
/// # Errors
/// `invalid` on `cursor` for one that we never gave.
pub fn turn(raw: &str) -> Result<Turn, Problem> {
    let text = decode(raw)?;
    let (due_at, id) = text.strip_prefix("due ").and_then(|rest| rest.split_once(' ')).ok_or_else(refused)?;
    let due_at = due_at.parse().ok().and_then(Timestamp::at_millis).ok_or_else(refused)?;
    Ok(Turn { due_at, id: id.parse().map_err(|_| refused())? })
}

/// The stretch with which a stream goes on.
///
/// # Errors
/// `invalid` on `cursor` for one that we never gave.
pub fn stretch(raw: &str) -> Result<Stretch, Problem> {
    let text = decode(raw)?;
    let (direction, seq) = text.split_once(' ').ok_or_else(refused)?;
    let seq = seq.parse().ok().filter(|seq| *seq >= 0).ok_or_else(refused)?;
    match direction {
        "after" => Ok(Stretch::After(seq)),
        "before" => Ok(Stretch::Before(seq)),
        _ => Err(refused()),
    }
}

/// A part of a stream as it is answered.
#[derive(Debug, Serialize)]
pub struct Stream<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
    last_seq: i64,
    has_more: bool,
}

impl<T> Stream<T> {
    /// The page that was found for `stretch`.
    pub fn of(page: StreamPage<T>, stretch: Stretch, seq: impl Fn(&T) -> i64) -> Self {
        let end = match stretch {
            Stretch::After(_) => page.items.last().map(|item| format!("after {}", seq(item))),
            Stretch::Before(_) => page.items.first().map(|item| format!("before {}", seq(item))),
        };
        let next_cursor = end.filter(|_| page.has_more).map(|end| URL_SAFE_NO_PAD.encode(end));
        Self { data: page.items, next_cursor, last_seq: page.last_seq, has_more: page.has_more }
    }
}
