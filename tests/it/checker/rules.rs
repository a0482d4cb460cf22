//! The five rules of SAFETY.md.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use super::{
    log::{Grant, Log, Moment, Post, View},
    stored::{Conversation, Message, Side, Stored},
};

/// What a lease's end may be off by, between the server's clock and the clients'.
const CLOCKS: Moment = 100_000;

/// Whatever was acknowledged stands in the store as it was written, and so does whatever anybody was told of; whatever was
/// refused does not.
pub fn acknowledged_is_stored(stored: &Stored, log: &Log) -> Vec<String> {
    let messages = by_client_id(stored);
    let mut faults = Vec::new();
    for post in &log.posts {
        let found = messages.get(&key(post)).and_then(|found| found.first());
        match (found, post.acks.first()) {
            (None, Some(ack)) => {
                faults.push(format!("lost: seq {} of {}, {:?}", ack.seq, post.conversation, post.body));
            }
            (Some(message), Some(ack)) if (message.id, message.seq) != (ack.id, ack.seq) => {
                faults.push(format!("acknowledged as {ack:?}, stored as {message:?}"));
            }
            (Some(message), _) if message.body != post.body => {
                faults.push(format!("written as {:?}, stored as {message:?}", post.body));
            }
            (Some(message), _) if post.refused.is_some() => faults.push(format!("refused, yet stored: {message:?}")),
            _ => {}
        }
    }
    let ids: HashSet<_> = all(stored).map(|(conversation, message)| (conversation, message.seq, message.id)).collect();
    for View { conversation, told } in &log.views {
        let untrue = told.iter().filter(|(seq, id)| !ids.contains(&(*conversation, *seq, *id)));
        faults.extend(untrue.map(|(seq, id)| format!("{conversation}: told of {id} as {seq}, which is not stored")));
    }
    faults
}

/// A `client_id` names one message, in the store and in every ack; and nothing stands there that nobody wrote.
pub fn each_once(stored: &Stored, log: &Log) -> Vec<String> {
    let messages = by_client_id(stored);
    let doubled = messages.values().filter(|found| found.len() > 1).map(|found| format!("stored twice: {found:?}"));
    let told = log.posts.iter().filter(|post| {
        let answers: HashSet<_> = post.acks.iter().map(|ack| (ack.id, ack.seq)).collect();
        answers.len() > 1
    });
    let told = told.map(|post| format!("acknowledged as two messages: {:?}", post.acks));
    let written: HashSet<_> = log.posts.iter().map(key).collect();
    let foreign = messages.iter().filter(|(key, _)| !written.contains(key));
    let foreign = foreign.map(|(_, found)| format!("nobody wrote: {found:?}"));
    doubled.chain(told).chain(foreign).collect()
}

/// 1, 2, 3 … in each conversation, as its readers know it too; and what was acknowledged before another message was sent
/// stands before it.
pub fn in_order(stored: &Stored, log: &Log) -> Vec<String> {
    let mut faults = Vec::new();
    for (id, conversation) in &stored.0 {
        let seqs: Vec<i64> = conversation.messages.iter().map(|message| message.seq).collect();
        if seqs != (1..=conversation.last_seq).collect::<Vec<_>>() {
            faults.push(format!("{id}: last seq {}, but {seqs:?}", conversation.last_seq));
        }
    }
    for view in &log.views {
        let last = stored.0.get(&view.conversation).map_or(0, |conversation| conversation.last_seq);
        let seqs: Vec<i64> = view.told.iter().map(|(seq, _)| *seq).collect();
        if seqs != (1..=last).collect::<Vec<_>>() {
            faults.push(format!("{}: a client knows of {seqs:?} of {last}", view.conversation));
        }
    }
    let mut conversations: BTreeMap<Uuid, Vec<(i64, Moment, Moment)>> = BTreeMap::new();
    for post in &log.posts {
        if let Some(ack) = post.acks.first() {
            conversations.entry(post.conversation).or_default().push((ack.seq, post.sent, ack.at));
        }
    }
    for (id, mut acks) in conversations {
        acks.sort_unstable();
        let mut latest = 0;
        for (seq, sent, at) in acks {
            if at < latest {
                faults.push(format!("{id}: {seq} was acknowledged before one was sent that stands before it"));
            }
            latest = latest.max(sent);
        }
    }
    faults
}

/// An entry holds every candidate message from its first on; what somebody handled is in none, what nobody handled in one.
pub fn queued_once(stored: &Stored, log: &Log) -> Vec<String> {
    let handled = Handled::by(log);
    let sent: HashMap<_, Moment> = log.posts.iter().map(|post| (key(post), post.sent)).collect();
    let mut faults = Vec::new();
    for (id, conversation) in &stored.0 {
        let Conversation { messages, entries, .. } = conversation;
        let candidates: Vec<&Message> = messages.iter().filter(|message| message.side == Side::Candidate).collect();
        if entries.len() > 1 {
            faults.push(format!("{id}: {} entries at a time", entries.len()));
        }
        for entry in entries {
            let waiting: Vec<i64> =
                candidates.iter().map(|message| message.seq).filter(|seq| *seq >= entry.first_seq).collect();
            let (first, last) = (waiting.first().copied(), waiting.last().copied());
            let is_request = entry.unread == 0 && entry.asks_for_link && waiting.is_empty();
            let is_exact = (first, last) == (Some(entry.first_seq), Some(entry.last_seq))
                && i64::try_from(waiting.len()) == Ok(entry.unread);
            if !is_request && !is_exact {
                faults.push(format!("{id}: {entry:?} for {waiting:?}"));
            }
        }
        for message in candidates {
            let times = entries.iter().filter(|entry| message.seq >= entry.first_seq).count();
            let sent = sent.get(&(*id, message.author, message.client_id)).copied().unwrap_or_default();
            if times == 0 && !handled.perhaps(*id, message.seq, sent) {
                faults.push(format!("{id}: nobody handled {}, and it is not queued", message.seq));
            }
            if times > 0 && handled.surely(*id, message.seq) {
                faults.push(format!("{id}: {} was handled, and is still queued", message.seq));
            }
        }
    }
    faults
}

/// While one lease surely runs, nobody else is given one; and the store holds the last that was given.
pub fn one_lease(stored: &Stored, log: &Log) -> Vec<String> {
    let mut conversations: BTreeMap<Uuid, Vec<&Grant>> = BTreeMap::new();
    for grant in &log.grants {
        conversations.entry(grant.conversation).or_default().push(grant);
    }
    let mut faults = Vec::new();
    for (id, mut grants) in conversations {
        grants.sort_by_key(|grant| grant.asked);
        for (at, first) in grants.iter().enumerate() {
            let until = first.ended.unwrap_or(Moment::MAX).min(first.expires.saturating_sub(CLOCKS));
            let during = grants[at + 1..].iter().take_while(|other| other.asked < until);
            let clash = during
                .filter(|other| other.holder != first.holder && other.asked > first.granted && other.granted < until);
            faults.extend(clash.map(|other| format!("{id}: {other:?} while {first:?}")));
        }
        let held = stored.0.get(&id).into_iter().flat_map(|conversation| &conversation.entries);
        for (holder, token) in held.filter_map(|entry| entry.holder.as_ref()) {
            let other = grants.iter().find(|grant| grant.token == *token && grant.holder != *holder);
            faults.extend(other.map(|grant| format!("{id}: {holder} holds what was given as {grant:?}")));
        }
    }
    let mut tokens: HashMap<&str, (Uuid, Uuid)> = HashMap::new();
    for grant in &log.grants {
        let whose = *tokens.entry(&grant.token).or_insert((grant.conversation, grant.holder));
        if whose != (grant.conversation, grant.holder) {
            faults.push(format!("one token for two: {grant:?}"));
        }
    }
    faults
}

/// What the clients know of what was handled.
#[derive(Default)]
struct Handled {
    /// The highest `seq` handled by a reply that was sent, and by one that was acknowledged.
    replies: HashMap<Uuid, (i64, i64)>,
    /// When the last "no reply needed" that may have taken place ended.
    resolved: HashMap<Uuid, Moment>,
    /// The highest `seq` that was acknowledged before a "no reply needed" that took place was sent.
    settled: HashMap<Uuid, i64>,
}

impl Handled {
    fn by(log: &Log) -> Self {
        let mut handled = Self::default();
        for post in log.posts.iter().filter(|post| post.refused.is_none()) {
            let (sent, acknowledged) = handled.replies.entry(post.conversation).or_default();
            let seen = post.seen_seq.unwrap_or_default();
            *sent = (*sent).max(seen);
            if !post.acks.is_empty() {
                *acknowledged = (*acknowledged).max(seen);
            }
        }
        let mut last: HashMap<Uuid, Moment> = HashMap::new();
        for resolved in &log.resolved {
            let ended = handled.resolved.entry(resolved.conversation).or_default();
            *ended = (*ended).max(resolved.ended);
            if resolved.acknowledged {
                let sent = last.entry(resolved.conversation).or_default();
                *sent = (*sent).max(resolved.sent);
            }
        }
        for post in &log.posts {
            let before = last.get(&post.conversation);
            for ack in post.acks.iter().filter(|ack| before.is_some_and(|before| ack.at < *before)) {
                let settled = handled.settled.entry(post.conversation).or_default();
                *settled = (*settled).max(ack.seq);
            }
        }
        handled
    }

    fn perhaps(&self, conversation: Uuid, seq: i64, sent: Moment) -> bool {
        let by_reply = self.replies.get(&conversation).is_some_and(|(sent, _)| seq <= *sent);
        by_reply || self.resolved.get(&conversation).is_some_and(|ended| sent < *ended)
    }

    fn surely(&self, conversation: Uuid, seq: i64) -> bool {
        let by_reply = self.replies.get(&conversation).is_some_and(|(_, acknowledged)| seq <= *acknowledged);
        by_reply || self.settled.get(&conversation).is_some_and(|settled| seq <= *settled)
    }
}

type Key = (Uuid, Uuid, Uuid);

const fn key(post: &Post) -> Key {
    (post.conversation, post.author, post.client_id)
}

fn by_client_id(stored: &Stored) -> HashMap<Key, Vec<&Message>> {
    let mut messages: HashMap<Key, Vec<&Message>> = HashMap::new();
    for (id, message) in all(stored) {
        messages.entry((id, message.author, message.client_id)).or_default().push(message);
    }
    messages
}

fn all(stored: &Stored) -> impl Iterator<Item = (Uuid, &Message)> {
    stored.0.iter().flat_map(|(id, conversation)| conversation.messages.iter().map(move |message| (*id, message)))
}
