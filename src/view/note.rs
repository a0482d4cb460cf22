//! A note as the team sees it.

use askama::Template;

use super::{filters, render};
use crate::domain::{
    link::ASKED_FOR_LINK,
    message::{AuthorKind, Note},
    problem::Problem,
};

/// One note within a thread.
#[derive(Template)]
#[template(path = "fragments/note.html")]
pub struct NoteView<'a> {
    /// What was noted.
    pub note: &'a Note,
}

impl NoteView<'_> {
    /// Whether it says that the candidate asks for a new chat link.
    fn asks_for_link(&self) -> bool {
        self.note.author.kind == AuthorKind::System && &*self.note.body == ASKED_FOR_LINK
    }
}

/// Renders one note within a thread.
///
/// # Errors
/// As [`render`].
pub fn html(note: &Note) -> Result<String, Problem> {
    render(&NoteView { note })
}

/// A note to try templates with.
#[must_use]
pub fn sample() -> Note {
    let message = super::message::sample();
    Note {
        id: uuid::Uuid::from_u128(2).into(),
        conversation: message.conversation,
        seq: 1,
        after_seq: message.seq,
        author: message.author,
        body: crate::domain::text::Body::from_stored(message.body),
        client_id: message.client_id,
        created_at: message.created_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_where_it_stands() {
        let html = html(&sample()).unwrap();
        assert!(html.starts_with("<li class=\"note\"") && html.contains("data-after-seq=\"1\""), "{html}");
    }
}
