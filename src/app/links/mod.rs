//! Chat links: how candidates come in and leave.

mod candidate;
mod enter;
mod issue;
mod leave;

pub(in crate::app) use self::issue::write_link;
pub use self::{
    candidate::{LinkRefusal, Within, candidate, candidate_by_link, candidate_by_session, still_good},
    enter::{Device, LinkView, ask_for_new, enter, look},
    issue::{issue, revoke},
    leave::{Left, leave},
};
pub use crate::store::links::Linked;
use crate::{app::App, domain::link::Secret};

/// The address of a chat link.
#[must_use]
pub fn chat_url(app: &App, secret: &Secret) -> String {
    let base = app.settings.public_url.as_str().trim_end_matches('/');
    format!("{base}/c/{}", secret.expose())
}
