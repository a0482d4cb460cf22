//! What can be done with announcements.

mod history;
mod post;

pub use self::{
    history::{audience, history, one},
    post::{PostAnnouncement, PostedAnnouncement, post},
};
