//! The checker of the promises of delivery: reads what the store holds and what the clients saw, and names every place
//! where the two do not fit. It knows nothing of the server's code; the planted samples show that each rule can fail.

mod log;
mod planted;
mod rules;
mod stored;

pub use self::{
    log::{Ack, Grant, Log, Moment, Post, Resolved, View},
    stored::{Conversation, Entry, Message, Side, Stored},
};

/// The rules, each with its name.
const RULES: [(&str, Rule); 5] = [
    ("acknowledged is stored", rules::acknowledged_is_stored),
    ("each client_id once", rules::each_once),
    ("seq without gaps, in the order of the acks", rules::in_order),
    ("unhandled is queued exactly once", rules::queued_once),
    ("no two valid leases", rules::one_lease),
];

type Rule = fn(&Stored, &Log) -> Vec<String>;

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub rule: &'static str,
    pub what: String,
}

/// Every fault, the rules in order.
pub fn check(stored: &Stored, log: &Log) -> Vec<Fault> {
    let faults = |(rule, find): (&'static str, Rule)| {
        find(stored, log).into_iter().map(move |what| Fault { rule, what }).collect::<Vec<_>>()
    };
    RULES.into_iter().flat_map(faults).collect()
}

/// Ends the test where there is a fault; names the first ones.
pub fn require_none(stored: &Stored, log: &Log) {
    let faults = check(stored, log);
    assert!(faults.is_empty(), "{} faults, the first: {:#?}", faults.len(), &faults[..faults.len().min(10)]);
}
