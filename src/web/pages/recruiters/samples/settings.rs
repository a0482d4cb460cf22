//! The settings with something in each part.

use uuid::Uuid;

use super::{HOSTILE, at, name};
use crate::{
    domain::user::Email,
    view::frame,
    web::pages::recruiters::templates::{InvitationRow, MemberRow, Settings, Shown, Target, TokenRow},
};

/// The page.
pub(super) fn page() -> Settings {
    Settings {
        frame: frame::sample("settings"),
        members: vec![MemberRow {
            id: Uuid::from_u128(7),
            name: name(HOSTILE),
            email: Email::from_stored("mara@example.org".to_owned()),
            role: "owner",
        }],
        invitations: vec![InvitationRow {
            id: Uuid::from_u128(8),
            name: name(HOSTILE),
            email: Email::from_stored("nora@example.org".to_owned()),
            role: "viewer",
            expired: true,
        }],
        targets: vec![
            Target { priority: "urgent", name: "Urgent", minutes: 15 },
            Target { priority: "normal", name: "Normal", minutes: 240 },
            Target { priority: "low", name: "Low", minutes: 1440 },
        ],
        tokens: vec![TokenRow {
            id: Uuid::from_u128(5),
            name: name(HOSTILE),
            role: "recruiter",
            created_at: at(0),
            last_used_at: None,
        }],
        shown: Some(Shown { title: "New token".to_owned(), secret: "s3cret".to_owned(), hint: "Shown once." }),
        problem: None,
    }
}
