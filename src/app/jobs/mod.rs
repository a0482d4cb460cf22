//! Jobs: scheduling, doing, and looking after what went wrong.

mod forget;
mod manage;
mod run;
mod schedule;

pub use self::{
    forget::forget_old,
    manage::{Jobs, counts, discard, list, retry},
    run::{bound_leases, claim, finish, is_any_due, is_any_stuck},
    schedule::{for_operators, schedule},
};
pub use crate::store::jobs::{JobCounts, JobRow};
