//! The candidate's pages: the chat link, and the chat behind it.

mod chat;
mod entry;
mod gone;
mod leave;

use crate::web::routes::{Routes, Who};

/// The addresses.
pub fn routes() -> Routes {
    Routes::new()
        .get(Who::LinkHolder, "/c/{token}", entry::show)
        .post(Who::LinkHolder, "/c/{token}", entry::enter)
        .post(Who::LinkHolder, "/c/{token}/new", entry::ask_for_new)
        .get(Who::Candidate, "/chat/{conversation}", chat::show)
        .post(Who::Candidate, "/chat/{conversation}/messages", chat::post)
        .post(Who::Candidate, "/chat/{conversation}/leave", leave::leave)
        .get(Who::Everyone, "/left", leave::show)
}
