//! Candidates' messages arrive: as many as wait at once, in the order in which they came.
//!
//! What they need is looked up for all of them, each is decided in its turn, and what they mean is written for all of
//! them: a few statements, however many messages there are.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::post::{PostMessage, Posted, project_closed};
use crate::{
    domain::{
        access::{Actor, CandidateActor},
        conversation::ConversationStatus,
        event::{Carried, Event, QueueSnapshot},
        ids::{CandidateId, ConversationId, OrganizationId, ProjectId},
        message::{Message, MessageKind},
        problem::Problem,
        project::ProjectStatus,
        queue::{EntryState, EntryView, Place, QueueCounts, QueueEntry, QueueReason},
        text::preview,
    },
    store::{
        Tx,
        arrivals::{self, Arrival, Key},
        conversations, messages, queue,
    },
};

/// Posts candidates' messages, each with its place in the queue.
///
/// # Errors
/// The store's, for all of them; what each is refused for stands in its outcome.
pub(super) async fn arrive(run: &[&PostMessage], tx: &mut Tx) -> Result<Vec<Result<Posted, Problem>>, Problem> {
    let mut hall = Hall::open(run, tx).await?;
    let mut outcomes = Vec::with_capacity(run.len());
    for post in run {
        outcomes.push(hall.take(post, tx).await?);
    }
    hall.write(tx).await?;
    Ok(outcomes)
}

/// What is known while messages arrive, and what is to be written of them.
#[derive(Default)]
struct Hall {
    /// In the order of their ids: nodes that write into the same conversations do it in one order.
    conversations: BTreeMap<ConversationId, Arrival>,
    posted_before: HashSet<Key>,
    /// By key, for those that are sent twice at once.
    new: HashMap<Key, usize>,
    messages: Vec<(OrganizationId, Message)>,
    entries: HashMap<ConversationId, Written>,
    counts: HashMap<ProjectId, QueueCounts>,
}

/// How an entry of the queue is to be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    /// It is new.
    Made,
    /// It was there, and waits or is claimed as before.
    Joined,
    /// It was set aside, and waits again.
    Woken,
}

fn candidate_of(post: &PostMessage) -> Result<&CandidateActor, Problem> {
    match &post.actor {
        Actor::Candidate(candidate) => Ok(candidate),
        Actor::Member(_) => Err(Problem::forbidden()),
    }
}

fn key_of(post: &PostMessage, candidate: CandidateId) -> Key {
    (post.post.message.conversation, candidate, post.post.message.client_id)
}

impl Hall {
    async fn open(run: &[&PostMessage], tx: &mut Tx) -> Result<Self, Problem> {
        let keys = run.iter().filter_map(|post| Some(key_of(post, candidate_of(post).ok()?.id)));
        let (conversations, posted_before) = arrivals::find(&mut tx.conn, keys).await?;
        Ok(Self { conversations, posted_before, ..Self::default() })
    }

    /// Decides about one message; the outer error is the store's.
    async fn take(&mut self, post: &PostMessage, tx: &mut Tx) -> Result<Result<Posted, Problem>, Problem> {
        let candidate = match candidate_of(post) {
            Ok(candidate) => candidate,
            Err(problem) => return Ok(Err(problem)),
        };
        let key = key_of(post, candidate.id);
        let reached = self.conversations.get_mut(&key.0).filter(|arrival| {
            arrival.organization == candidate.organization
                && arrival.candidate.id == candidate.id
                && candidate.conversations.iter().any(|(known, _)| *known == key.0)
        });
        let Some(arrival) = reached else { return Ok(Err(Problem::not_found())) };
        if let Some(first) = self.new.get(&key) {
            return Ok(Ok(Posted { message: self.messages[*first].1.clone(), duplicate: true, answers_in_time: None }));
        }
        if self.posted_before.contains(&key) {
            let found = messages::find_by_client_id(&mut tx.conn, key.0, &post.actor.author(), key.2).await?;
            return Ok(found
                .map(|message| Posted { message, duplicate: true, answers_in_time: None })
                .ok_or_else(Problem::not_found));
        }
        if arrival.project_status == ProjectStatus::Closed {
            return Ok(Err(project_closed()));
        }
        let message = compose(post, arrival, tx);
        let organization = arrival.organization;
        self.new.insert(key, self.messages.len());
        self.messages.push((organization, message.clone()));
        self.enqueue(&message, tx).await?;
        tx.announce(Event::MessagePosted {
            organization,
            conversation: message.conversation,
            seq: message.seq,
            origin: post.post.origin.clone(),
            message: Carried::new(message.clone()),
        });
        Ok(Ok(Posted { message, duplicate: false, answers_in_time: None }))
    }

    /// The message joins the conversation's entry or makes one; a conversation that was snoozed or closed opens.
    async fn enqueue(&mut self, message: &Message, tx: &mut Tx) -> Result<(), Problem> {
        let Some(arrival) = self.conversations.get_mut(&message.conversation) else { return Ok(()) };
        let (organization, project, conversation) = (arrival.organization, arrival.project, arrival.conversation);
        if arrival.status != ConversationStatus::Open {
            arrival.status = ConversationStatus::Open;
            conversations::open_again(&mut tx.conn, organization, conversation).await?;
            tx.announce(Event::ConversationUpdated { organization, project, conversation });
        }
        if let Some(counts) = arrival.counts {
            self.counts.entry(project).or_insert(counts);
        }
        let preview = preview(&message.body);
        let (entry, waits_anew) = if let Some(entry) = &mut arrival.entry {
            let was = entry.state;
            entry.join(message.seq, preview);
            let written = if was == entry.state { Written::Joined } else { Written::Woken };
            self.entries
                .entry(conversation)
                .and_modify(|before| *before = if *before == Written::Joined { written } else { *before })
                .or_insert(written);
            (&*entry, written == Written::Woken)
        } else {
            let place = Place {
                organization,
                project,
                conversation,
                candidate: arrival.candidate.clone(),
                priority: arrival.priority,
                targets: arrival.targets,
                now: tx.now(),
            };
            self.entries.insert(conversation, Written::Made);
            (&*arrival.entry.insert(QueueEntry::first(tx.new_id(), place, message.seq, preview)), true)
        };
        let snapshot = self.counts.get_mut(&project).map_or_else(Carried::default, |counts| {
            if waits_anew && entry.state == EntryState::Waiting {
                counts.waiting += 1;
                counts.oldest_enqueued_at =
                    Some(counts.oldest_enqueued_at.map_or(entry.enqueued_at, |oldest| oldest.min(entry.enqueued_at)));
            }
            Carried::new(QueueSnapshot { entry: EntryView::from(entry), counts: *counts })
        });
        let (entry, reason) = (entry.id, QueueReason::Enqueued);
        tx.announce(Event::QueueChanged { organization, project, entry, reason, snapshot });
        Ok(())
    }

    fn written(&self, how: Written) -> impl Iterator<Item = &QueueEntry> {
        let entries = self.conversations.values().filter_map(|arrival| arrival.entry.as_ref());
        entries.filter(move |entry| self.entries.get(&entry.conversation) == Some(&how))
    }

    async fn write(self, tx: &mut Tx) -> Result<(), Problem> {
        if self.messages.is_empty() {
            return Ok(());
        }
        let now = tx.now();
        let moved = self.conversations.values().filter(|arrival| self.entries.contains_key(&arrival.conversation));
        let moved = moved.map(|arrival| (arrival.conversation, arrival.last_seq));
        let messages: Vec<_> = self.messages.iter().map(|(organization, message)| (*organization, message)).collect();
        arrivals::write(&mut tx.conn, &messages, moved, now).await?;
        for entry in self.written(Written::Made) {
            queue::insert(&mut tx.conn, entry, now).await?;
        }
        for entry in self.written(Written::Woken) {
            queue::save(&mut tx.conn, entry, now).await?;
        }
        if self.written(Written::Joined).next().is_some() {
            arrivals::join(&mut tx.conn, self.written(Written::Joined), now).await?;
        }
        Ok(())
    }
}

/// The message, at the conversation's next place.
fn compose(post: &PostMessage, arrival: &mut Arrival, tx: &Tx) -> Message {
    arrival.last_seq += 1;
    Message {
        id: tx.new_id(),
        conversation: arrival.conversation,
        seq: arrival.last_seq,
        kind: MessageKind::Text,
        author: post.actor.author(),
        body: post.post.message.body.to_string(),
        attachments: Vec::new(),
        client_id: post.post.message.client_id,
        created_at: tx.now(),
        edited_at: None,
        deleted: false,
        read_by_other: false,
    }
}
