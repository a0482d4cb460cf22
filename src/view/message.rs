//! A message as everybody sees it.

use askama::Template;

use super::{filters, render};
use crate::domain::{message::Message, problem::Problem};

/// One item of a thread.
#[derive(Template)]
#[template(path = "fragments/message.html")]
pub struct MessageView<'a> {
    /// What was said.
    pub message: &'a Message,
}

/// Renders one item of a thread.
///
/// # Errors
/// As [`render`].
pub fn html(message: &Message) -> Result<String, Problem> {
    render(&MessageView { message })
}

/// A message to try templates with: links, line breaks, and what must stay harmless.
#[must_use]
pub fn sample() -> Message {
    use crate::domain::{
        message::{Author, AuthorKind, MessageKind},
        text::Name,
        time::Timestamp,
    };
    let id = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
    Message {
        id: id.into(),
        conversation: id.into(),
        seq: 1,
        kind: MessageKind::Text,
        author: Author { kind: AuthorKind::Candidate, id, name: Name::from_stored("Ada <Lovelace>".to_owned()) },
        body: "Is it https://example.org/jobs?a=1&b=2?\n<b>Thanks</b> \u{202e}gpj.exe".to_owned(),
        attachments: Vec::new(),
        client_id: id.into(),
        created_at: Timestamp::from_unix_millis(1_700_000_000_000),
        edited_at: None,
        deleted: false,
        read_by_other: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_inert_and_carries_what_clients_look_for() {
        let html = html(&sample()).unwrap();
        assert!(html.starts_with("<li class=\"message\" id=\"m-01900000-"), "{html}");
        assert!(html.contains("data-seq=\"1\"") && html.contains("data-author-kind=\"candidate\""), "{html}");
        assert!(!html.contains("<b>") && !html.contains("<Lovelace>") && !html.contains('\u{202e}'), "{html}");
        assert!(html.contains("href=\"https://example.org/jobs?a=1&#38;b=2\""), "{html}");
    }
}
