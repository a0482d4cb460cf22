//! Many rows in one statement: they travel as one JSON array of arrays, whose elements the statement reads as `v.value`.
//!
//! `jsonb_each` and `unhex` are SQLite's own; for PostgreSQL the first migration makes functions of these names.
//!
//! Each statement costs a way to the connection's thread and back, which is more than most of them take there.

use serde::{Serialize, Serializer};

use crate::domain::ids::Id;

/// An id as an element of a row.
pub(super) struct Hex<I>(pub I);

impl<I: Id> Serialize for Hex<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 32];
        serializer.serialize_str(self.0.uuid().simple().encode_lower(&mut text))
    }
}

/// The array to bind.
pub(super) fn array<R: Serialize>(rows: impl IntoIterator<Item = R>) -> String {
    let mut text = Vec::with_capacity(4 << 10);
    text.push(b'[');
    for (number, row) in rows.into_iter().enumerate() {
        if number > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, &row).expect("ids, numbers and texts are JSON");
    }
    text.push(b']');
    String::from_utf8(text).expect("JSON is UTF-8")
}
