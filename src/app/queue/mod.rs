//! The queue of unhandled candidate messages: who takes what, for how long, and what ends it.

mod changed;
mod claim;
pub mod depth;
pub mod handle;
mod link;
mod next;
pub mod overdue;
mod overview;
mod put_back;
mod release;
mod resolve;
mod snooze;
mod sweep;

pub(in crate::app) use self::{
    changed::follow_project,
    link::{ask_for_link, link_made},
    snooze::{close, reprioritize, set_aside, wake},
};
pub use self::{
    changed::snapshot,
    claim::{Claimed, claim, renew},
    next::next,
    overview::{Numbers, Overview, numbers, overview, overview_after},
    put_back::put_back,
    release::{release, release_all_of, release_in, release_outsiders},
    resolve::{Resolve, resolve},
    sweep::{bound_leases, sweep},
};
pub use crate::store::queue::Turn;
