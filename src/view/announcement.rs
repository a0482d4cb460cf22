//! An announcement as it stands in every candidate's thread.

use askama::Template;

use super::{filters, render};
use crate::domain::{announcement::Announcement, problem::Problem};

/// One announcement within a thread.
#[derive(Template)]
#[template(path = "fragments/announcement.html")]
pub struct AnnouncementView<'a> {
    /// What was announced.
    pub announcement: &'a Announcement,
}

/// Renders one announcement within a thread.
///
/// # Errors
/// As [`render`].
pub fn html(announcement: &Announcement) -> Result<String, Problem> {
    render(&AnnouncementView { announcement })
}

/// An announcement to try templates with.
#[must_use]
pub fn sample() -> Announcement {
    let message = super::message::sample();
    Announcement {
        id: uuid::Uuid::from_u128(3).into(),
        project: uuid::Uuid::from_u128(4).into(),
        seq: 1,
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
    fn an_announcement_says_that_it_is_one() {
        let html = html(&sample()).unwrap();
        assert!(html.contains("data-announcement-seq=\"1\"") && html.contains("Announcement"), "{html}");
    }
}
