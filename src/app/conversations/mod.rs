//! What can be done with conversations.

mod list;
mod open;
mod update;

pub use self::{
    list::{Listing, Narrowing, View, by_id, counts, labels, list},
    open::{Opened, find, may_type, one, open},
    update::update,
};
pub use crate::store::listing::{Counts, Listed, ListedEntry};
