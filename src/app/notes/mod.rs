//! What can be done with notes, which only the team reads.

mod history;
mod post;

pub use self::{
    history::{beside, history, one},
    post::{PostNote, PostedNote, post},
};
