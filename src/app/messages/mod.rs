//! What can be done with messages.

mod arrive;
mod history;
mod mark_read;
mod post;

pub(in crate::app) use self::post::project_closed;
pub use self::{
    history::{history, one},
    mark_read::mark_read,
    post::{Post, Posted, Reply, post},
};
