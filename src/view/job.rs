//! A job, as operators see it.

use crate::app::jobs::JobRow;

/// What a kind of job does, in words; the name of one that this version does not know.
#[must_use]
pub fn kind(row: &JobRow) -> &str {
    match row.kind.as_str() {
        "mail" => "E-mail",
        "webhook" => "Webhook",
        other => other,
    }
}

/// How often it was tried, in words.
#[must_use]
pub fn tries(row: &JobRow) -> String {
    match row.tries {
        0 => "not tried yet".to_owned(),
        1 => "tried once".to_owned(),
        number => format!("tried {number} times"),
    }
}
