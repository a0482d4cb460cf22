//! The recruiters' pages: the dashboard, projects, search and settings.

mod candidate_form;
mod candidates;
mod dashboard;
mod here;
mod import;
mod invitations;
mod list;
mod open;
mod profile;
mod projects;
#[cfg(test)]
mod samples;
mod search;
mod settings;
mod snooze;
mod templates;
mod write;

use axum::{extract::DefaultBodyLimit, handler::Handler};

use crate::web::routes::{Routes, Who};

/// Every address of theirs.
pub fn routes() -> Routes {
    Routes::new()
        .get(Who::Member, "/o/{slug}", dashboard::show)
        .post(Who::Member, "/o/{slug}/next", write::next)
        .get(Who::Member, "/o/{slug}/conversations/{id}", dashboard::conversation)
        .post(Who::Member, "/o/{slug}/conversations/{id}/messages", write::message)
        .post(Who::Member, "/o/{slug}/conversations/{id}/notes", write::note)
        .post(Who::Member, "/o/{slug}/conversations/{id}/claim", write::claim)
        .post(Who::Member, "/o/{slug}/conversations/{id}/release", write::release)
        .post(Who::Member, "/o/{slug}/conversations/{id}/resolve", write::resolve)
        .post(Who::Member, "/o/{slug}/conversations/{id}/put-back", write::put_back)
        .post(Who::Member, "/o/{slug}/conversations/{id}/update", write::update)
        .post(Who::Member, "/o/{slug}/conversations/{id}/link", candidates::link)
        .get(Who::Member, "/o/{slug}/candidates/{candidate}", profile::show)
        .post(Who::Member, "/o/{slug}/candidates/{candidate}", profile::save)
        .get(Who::Member, "/o/{slug}/candidates/{candidate}/erase", profile::ask)
        .post(Who::Member, "/o/{slug}/candidates/{candidate}/erase", profile::erase)
        .get(Who::Member, "/o/{slug}/projects", projects::list)
        .post(Who::Member, "/o/{slug}/projects", projects::create)
        .get(Who::Member, "/o/{slug}/projects/{id}", projects::show)
        .post(Who::Member, "/o/{slug}/projects/{id}", projects::change)
        .post(Who::Member, "/o/{slug}/projects/{id}/announcements", projects::announce)
        .post(Who::Member, "/o/{slug}/projects/{id}/candidates", candidates::add)
        .post(Who::Member, "/o/{slug}/projects/{id}/import", import::import.layer(DefaultBodyLimit::max(import::LIMIT)))
        .get(Who::Member, "/o/{slug}/search", search::show)
        .get(Who::Member, "/o/{slug}/settings", settings::show)
        .get(Who::Member, "/o/{slug}/settings/members", settings::show)
        .post(Who::Member, "/o/{slug}/settings/members", invitations::invite)
        .post(Who::Member, "/o/{slug}/settings/invitations/{invitation}", invitations::change)
        .post(Who::Member, "/o/{slug}/settings/members/{user}", settings::member)
        .get(Who::Member, "/o/{slug}/settings/targets", settings::show)
        .post(Who::Member, "/o/{slug}/settings/targets", settings::targets)
        .get(Who::Member, "/o/{slug}/settings/tokens", settings::show)
        .post(Who::Member, "/o/{slug}/settings/tokens", settings::create_token)
        .post(Who::Member, "/o/{slug}/settings/tokens/{token}", settings::revoke_token)
}
