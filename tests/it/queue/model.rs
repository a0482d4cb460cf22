//! The queue as a plain model in memory: the words of CONTRACT.md, section 6, and nothing else.

use chrono::TimeDelta;
use hearback::domain::{
    problem::Code,
    queue::{LeaseToken, Priority, ResponseTargets},
    time::Timestamp,
};

/// How long a lease lasts.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);

/// A claim: by which actor, until when, by which token where it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub by: usize,
    pub until: Timestamp,
    pub token: Option<LeaseToken>,
}

/// An entry that has not ended.
#[derive(Clone, Debug)]
pub struct Entry {
    pub order: usize,
    pub enqueued_at: Timestamp,
    pub held: Option<Held>,
    pub snoozed: bool,
}

/// A conversation: for each message whether it is the candidate's, and how far it is handled.
#[derive(Clone, Debug)]
pub struct Talk {
    pub messages: Vec<bool>,
    pub handled: usize,
    pub priority: Priority,
    pub snoozed_until: Option<Timestamp>,
    pub entry: Option<Entry>,
}

/// What a reply says of the queue.
pub struct Said {
    pub seen: usize,
    pub lease: Option<LeaseToken>,
    pub take_over: bool,
}

/// All conversations.
#[derive(Debug)]
pub struct Model {
    pub now: Timestamp,
    pub talks: Vec<Talk>,
    entries_made: usize,
}

type Done<T = ()> = Result<T, Code>;

impl Talk {
    /// The candidate's messages that nobody has handled, by `seq`.
    pub fn unhandled(&self) -> Vec<usize> {
        let seqs = self.messages.iter().enumerate().map(|(at, theirs)| (at + 1, *theirs));
        seqs.filter(|(seq, theirs)| *theirs && *seq > self.handled).map(|(seq, _)| seq).collect()
    }

    pub fn due_at(&self) -> Option<Timestamp> {
        self.entry.as_ref().map(|entry| entry.enqueued_at.plus(ResponseTargets::default().of(self.priority)))
    }

    fn handle(&mut self, seen: usize) {
        if self.entry.is_some() {
            self.handled = self.handled.max(seen);
            if self.unhandled().is_empty() {
                self.entry = None;
            }
        }
    }

    /// The rule for whoever would end or answer it.
    fn permit(&self, by: usize, lease: Option<&LeaseToken>) -> Done {
        let held = self.entry.as_ref().and_then(|entry| entry.held.as_ref());
        match (held, lease) {
            (Some(held), None) if held.by != by => Err(Code::ClaimedByOther),
            (Some(held), Some(token)) if held.by != by || held.token.as_ref() != Some(token) => Err(Code::ClaimLost),
            (None, Some(_)) => Err(Code::ClaimLost),
            _ => Ok(()),
        }
    }
}

impl Model {
    pub fn new(talks: usize, now: Timestamp) -> Self {
        let talk =
            Talk { messages: Vec::new(), handled: 0, priority: Priority::Normal, snoozed_until: None, entry: None };
        Self { now, talks: vec![talk; talks], entries_made: 0 }
    }

    /// The conversations that wait or are claimed, those due first ahead.
    pub fn line(&self) -> Vec<usize> {
        let mut line: Vec<usize> = (0..self.talks.len()).collect();
        line.retain(|talk| self.talks[*talk].entry.as_ref().is_some_and(|entry| !entry.snoozed));
        line.sort_by_key(|talk| (self.talks[*talk].due_at(), self.talks[*talk].entry.as_ref().map(|e| e.order)));
        line
    }

    pub fn write(&mut self, talk: usize) {
        let now = self.now;
        let order = self.entries_made;
        let talk = &mut self.talks[talk];
        talk.messages.push(true);
        talk.snoozed_until = None;
        if let Some(entry) = &mut talk.entry {
            entry.snoozed = false;
        } else {
            talk.entry = Some(Entry { order, enqueued_at: now, held: None, snoozed: false });
            self.entries_made += 1;
        }
    }

    pub fn next(&self) -> Option<usize> {
        let waits = |talk: &usize| self.talks[*talk].entry.as_ref().is_some_and(|entry| entry.held.is_none());
        self.line().into_iter().find(waits)
    }

    /// Whether a claim would be given.
    pub fn may_claim(&self, talk: usize, by: usize, take_over: bool) -> Done {
        let entry = self.talks[talk].entry.as_ref().filter(|entry| !entry.snoozed).ok_or(Code::NotFound)?;
        match &entry.held {
            Some(held) if held.by != by && !take_over => Err(Code::ClaimedByOther),
            _ => Ok(()),
        }
    }

    pub fn hold(&mut self, talk: usize, by: usize, token: Option<LeaseToken>) {
        let until = self.now.plus(LEASE);
        if let Some(entry) = &mut self.talks[talk].entry {
            entry.held = Some(Held { by, until, token });
        }
    }

    /// Whether that actor holds it by that token.
    pub fn may_keep(&self, talk: usize, by: usize, token: &LeaseToken) -> Done {
        let held = self.talks[talk].entry.as_ref().and_then(|entry| entry.held.as_ref());
        let keeps = held.is_some_and(|held| held.by == by && held.token.as_ref() == Some(token));
        if keeps { Ok(()) } else { Err(Code::ClaimLost) }
    }

    pub fn release(&mut self, talk: usize) {
        if let Some(entry) = &mut self.talks[talk].entry {
            entry.held = None;
        }
    }

    pub fn resolve(&mut self, talk: usize, by: usize, lease: Option<&LeaseToken>) -> Done {
        let talk = &mut self.talks[talk];
        talk.permit(by, lease)?;
        if talk.entry.is_none() {
            return Err(Code::NotFound);
        }
        talk.handle(talk.messages.len());
        Ok(())
    }

    pub fn answer(&mut self, talk: usize, by: usize, said: &Said) -> Done {
        let until = self.now.plus(LEASE);
        let talk = &mut self.talks[talk];
        if !said.take_over {
            talk.permit(by, said.lease.as_ref())?;
        }
        talk.handle(said.seen.min(talk.messages.len()));
        talk.messages.push(false);
        if let Some(held) = talk.entry.as_mut().and_then(|entry| entry.held.as_mut())
            && held.by != by
        {
            *held = Held { by, until, token: None };
        }
        Ok(())
    }

    pub fn snooze(&mut self, talk: usize, by: usize, until: Timestamp) -> Done {
        let talk = &mut self.talks[talk];
        talk.permit(by, None)?;
        talk.snoozed_until = Some(until);
        if let Some(entry) = &mut talk.entry {
            (entry.snoozed, entry.held) = (true, None);
        }
        Ok(())
    }

    pub fn close(&mut self, talk: usize, by: usize) -> Done {
        let talk = &mut self.talks[talk];
        talk.permit(by, None)?;
        talk.snoozed_until = None;
        talk.handle(talk.messages.len());
        Ok(())
    }

    /// Time passes, and what it does to the queue.
    pub fn pass(&mut self, time: TimeDelta) {
        self.now = self.now.plus(time);
        let now = self.now;
        for talk in &mut self.talks {
            let wakes = talk.snoozed_until.is_some_and(|until| until <= now);
            if wakes {
                talk.snoozed_until = None;
            }
            if let Some(entry) = &mut talk.entry {
                entry.snoozed &= !wakes;
                entry.held = entry.held.take().filter(|held| held.until > now);
            }
        }
    }
}
