//! The pages, one file for what belongs together, each struct beside its handler.

use super::routes::{Routes, Who};

mod account;
mod admin;
mod candidate;
mod how;
mod invitation;
mod recruiters;
mod setup;
mod sign_in;

/// Every page's address.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get(Who::Everyone, "/", sign_in::home)
        .get(Who::Everyone, "/sign-in", sign_in::show)
        .post(Who::Everyone, "/sign-in", sign_in::enter)
        .post(Who::Everyone, "/sign-out", sign_in::leave)
        .get(Who::Everyone, "/setup", setup::without)
        .get(Who::LinkHolder, "/setup/{token}", setup::show)
        .post(Who::LinkHolder, "/setup", setup::take)
        .post(Who::LinkHolder, "/setup/accept", setup::accept)
        .get(Who::Everyone, "/how-it-works", how::show)
        .merge(account::routes())
        .merge(admin::routes())
        .merge(candidate::routes())
        .merge(recruiters::routes())
}
