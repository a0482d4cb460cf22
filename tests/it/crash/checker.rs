//! The five rules of every run: acknowledged is stored, each message once, positions without gaps and in the order of the
//! acks, every unhandled candidate message queued exactly once, no two valid leases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::{
    log::{Acked, Held, Log},
    stored::{Message, Stored},
};

/// A rule that was broken, with what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Lost(String),
    Doubled(String),
    OutOfOrder(String),
    NotQueuedOnce(String),
    TwoLeases(String),
}

/// All faults; `lease` is how long a lease lasts, in milliseconds.
pub fn faults(stored: &Stored, log: &Log, lease: i64) -> Vec<Fault> {
    let mut faults = lost(stored, log);
    faults.extend(doubled(stored));
    faults.extend(out_of_order(stored, log));
    faults.extend(not_queued_once(stored));
    faults.extend(two_leases(&log.held, lease));
    faults
}

/// Acknowledged and told are stored, as they were.
fn lost(stored: &Stored, log: &Log) -> Vec<Fault> {
    let at: HashMap<(Uuid, i64), &Message> =
        stored.messages.iter().map(|message| ((message.conversation_id, message.seq), message)).collect();
    let is_acked = |acked: &&Acked| {
        at.get(&(acked.conversation, acked.seq))
            .is_none_or(|message| message.client_id != acked.client_id || message.body != acked.body)
    };
    let acked = log.acked.iter().filter(is_acked).map(|acked| Fault::Lost(format!("acknowledged: {acked:?}")));
    let told = log.told.iter().filter(|told| at.get(&(told.conversation, told.seq)).is_none_or(|m| m.id != told.id));
    acked.chain(told.map(|told| Fault::Lost(format!("told: {told:?}")))).collect()
}

/// What was sent again stands there once.
fn doubled(stored: &Stored) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let again = stored.messages.iter().filter(|message| !seen.insert((message.conversation_id, message.client_id)));
    again.map(|message| Fault::Doubled(format!("{message:?}"))).collect()
}

/// Positions are 1, 2, 3 …, and what was acknowledged before another was sent stands before it.
fn out_of_order(stored: &Stored, log: &Log) -> Vec<Fault> {
    let mut seqs: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for message in &stored.messages {
        seqs.entry(message.conversation_id).or_default().push(message.seq);
    }
    let mut faults = Vec::new();
    for conversation in &stored.conversations {
        let found = seqs.entry(conversation.id).or_default();
        found.sort_unstable();
        if !found.iter().copied().eq(1..=conversation.last_seq) {
            faults.push(Fault::OutOfOrder(format!("{}: {found:?} of {}", conversation.id, conversation.last_seq)));
        }
    }
    let mut acked: BTreeMap<Uuid, Vec<&Acked>> = BTreeMap::new();
    for one in &log.acked {
        acked.entry(one.conversation).or_default().push(one);
    }
    for group in acked.values_mut() {
        group.sort_by_key(|acked| acked.answered);
        // The highest position among those answered before, moved on as the sending times rise.
        let mut by_sending = group.clone();
        by_sending.sort_by_key(|acked| acked.sent);
        let (mut answered, mut highest) = (group.iter().peekable(), 0);
        for acked in by_sending {
            while let Some(before) = answered.next_if(|before| before.answered < acked.sent) {
                highest = highest.max(before.seq);
            }
            if acked.seq <= highest {
                faults.push(Fault::OutOfOrder(format!("sent when {highest} was acknowledged: {acked:?}")));
            }
        }
    }
    faults
}

/// An entry stands for exactly the candidate's messages that nobody has handled.
fn not_queued_once(stored: &Stored) -> Vec<Fault> {
    let mut faults = Vec::new();
    for conversation in &stored.conversations {
        let unhandled: BTreeSet<i64> = stored
            .messages
            .iter()
            .filter(|message| message.conversation_id == conversation.id && message.author_kind == "candidate")
            .map(|message| message.seq)
            .filter(|seq| *seq > conversation.handled_seq)
            .collect();
        let entries: Vec<_> = stored.entries.iter().filter(|entry| entry.conversation_id == conversation.id).collect();
        let right = match entries.as_slice() {
            [] => unhandled.is_empty(),
            [entry] => {
                unhandled.first() == Some(&entry.first_seq)
                    && unhandled.last() == Some(&entry.last_seq)
                    && i64::try_from(unhandled.len()) == Ok(entry.unread)
            }
            _ => false,
        };
        if !right {
            faults.push(Fault::NotQueuedOnce(format!("{}: {unhandled:?} by {entries:?}", conversation.id)));
        }
    }
    faults
}

/// Of two leases on one conversation one has ended before the other begins.
fn two_leases(held: &[Held], lease: i64) -> Vec<Fault> {
    let mut of: BTreeMap<Uuid, Vec<&Held>> = BTreeMap::new();
    for one in held {
        of.entry(one.conversation).or_default().push(one);
    }
    let mut faults = Vec::new();
    for leases in of.values_mut() {
        leases.sort_by_key(|held| held.from);
        for pair in leases.windows(2) {
            if pair[0].token != pair[1].token && pair[1].from < pair[0].end() {
                faults.push(Fault::TwoLeases(format!("of {lease} ms: {:?} and {:?}", pair[0], pair[1])));
            }
        }
    }
    faults
}
