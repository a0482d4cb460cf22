//! The dashboard's third column: an open conversation with the candidate's facts.

use uuid::Uuid;

use super::{
    announcement, message, note,
    standing::{Facts, Standing},
    text,
};
use crate::domain::{
    announcement::Announcement,
    conversation::{Conversation, UserBrief},
    ids::{CandidateId, ConversationId, ProjectId},
    message::{Message, Note},
    problem::{Code, Problem},
    queue::{EntryView, Outcome},
    text::Name,
    time::Timestamp,
};

/// Why what somebody wrote was refused; it then stands in the field again.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// A sentence for them.
    pub message: String,
    /// Whether sending it all the same can be offered.
    pub can_take_over: bool,
}

impl From<&Problem> for Refusal {
    fn from(problem: &Problem) -> Self {
        Self {
            message: problem.message.to_string(),
            can_take_over: matches!(problem.code, Code::ClaimedByOther | Code::ClaimLost),
        }
    }
}

/// Another conversation with the same candidate.
#[derive(Clone, Debug)]
pub struct Sibling {
    /// Its address.
    pub href: String,
    /// Its project's name.
    pub project: String,
}

/// An open conversation.
#[derive(Clone, Debug)]
pub struct Open {
    /// The conversation.
    pub id: ConversationId,
    /// Its address.
    pub address: String,
    /// The project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: String,
    /// Whether nobody can write.
    pub project_closed: bool,
    /// The candidate.
    pub candidate_id: CandidateId,
    /// The candidate's name.
    pub candidate: Name,
    /// Their first name.
    pub first_name: String,
    /// What is known of them: a word and its value.
    pub facts: Vec<(&'static str, String)>,
    /// Other conversations with them.
    pub others: Vec<Sibling>,
    /// `open`, `snoozed` or `closed`.
    pub status: &'static str,
    /// Until when it is set aside.
    pub snooze_until: Option<Timestamp>,
    /// Who takes care of it.
    pub assignee: Option<UserBrief>,
    /// `urgent`, `normal` or `low`.
    pub priority: &'static str,
    /// Its labels.
    pub labels: Vec<String>,
    /// What waits in it.
    pub entry: Option<EntryView>,
    /// Its entry, where it is snoozed or its project is closed.
    pub set_aside: Option<EntryView>,
    /// How the last entry ended, where nothing is unhandled; answered also by a reply that came later.
    pub outcome: Option<Outcome>,
    /// Whether who looks holds the claim.
    pub mine: bool,
    /// Messages, notes and announcements in their order, rendered.
    pub items: Vec<String>,
    /// The greatest message `seq` that is shown.
    pub last_seq: i64,
    /// The greatest note `seq` that is shown.
    pub last_note_seq: i64,
    /// The greatest announcement `seq` that is shown.
    pub last_announcement_seq: i64,
    /// Where earlier messages are.
    pub earlier_href: Option<String>,
    /// Whether later messages are elsewhere.
    pub later: bool,
    /// A new id for what is written next without script.
    pub client_id: Uuid,
    /// What was written and refused.
    pub draft: String,
    /// Why it was refused.
    pub problem: Option<Refusal>,
}

impl Open {
    /// What `conversation` itself says; the rest is empty and to be filled in.
    #[must_use]
    pub fn new(home: &str, conversation: &Conversation, project_name: String, client_id: Uuid) -> Self {
        let name = conversation.candidate.name.clone();
        Self {
            id: conversation.id,
            address: format!("{home}/conversations/{}", conversation.id),
            project: conversation.project,
            project_name,
            project_closed: false,
            first_name: name.split_whitespace().next().unwrap_or(&name).to_owned(),
            candidate_id: conversation.candidate.id,
            candidate: name,
            facts: Vec::new(),
            others: Vec::new(),
            status: conversation.status.as_str(),
            snooze_until: conversation.snooze_until,
            assignee: conversation.assignee.clone(),
            priority: conversation.priority.as_str(),
            labels: conversation.labels.iter().map(|label| label.as_str().to_owned()).collect(),
            entry: None,
            set_aside: None,
            outcome: None,
            mine: false,
            items: Vec::new(),
            last_seq: 0,
            last_note_seq: 0,
            last_announcement_seq: 0,
            earlier_href: None,
            later: false,
            client_id,
            draft: String::new(),
            problem: None,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let entry = self.entry.as_ref().or(self.set_aside.as_ref());
        Standing::from(Facts {
            project_closed: self.project_closed,
            status: self.status,
            snooze_until: self.snooze_until,
            queued: self.entry.is_some(),
            unread: entry.map_or(0, |entry| entry.unread),
            mine: self.mine,
            holder: self.entry.as_ref().and_then(|entry| entry.claimed_by.as_ref()).map(|by| by.name.clone()),
            outcome: self.outcome,
        })
    }

    /// Whether the candidate asks for a new chat link.
    #[must_use]
    pub fn asks_for_link(&self) -> bool {
        self.entry.as_ref().or(self.set_aside.as_ref()).is_some_and(|entry| entry.asks_for_link)
    }

    /// The fields of the form that undoes a change of assignee.
    #[must_use]
    pub fn assigned_before(&self) -> String {
        self.assignee.as_ref().map_or_else(|| "assignee=none".to_owned(), |user| format!("assignee={}", user.id))
    }

    /// The fields of the form that undoes snoozing.
    #[must_use]
    pub fn snoozed_before(&self) -> String {
        match (self.status, self.snooze_until) {
            ("snoozed", Some(until)) => {
                let moment = until.to_datetime().format("%Y-%m-%dT%H:%M");
                format!("snooze=custom&snooze_at={moment}&zone=UTC")
            }
            ("snoozed", None) => "snooze=reply".to_owned(),
            _ => "status=open".to_owned(),
        }
    }

    /// `mine`, `other`, `waiting` or `none`, for the live part.
    #[must_use]
    pub fn claim_word(&self) -> &'static str {
        match &self.entry {
            None => "none",
            Some(_) if self.mine => "mine",
            Some(entry) if entry.claimed_by.is_some() => "other",
            Some(_) => "waiting",
        }
    }

    /// When the claim ends unless it is renewed.
    #[must_use]
    pub fn lease_expires_at(&self) -> Option<Timestamp> {
        self.entry.as_ref().and_then(|entry| entry.lease_expires_at)
    }

    /// The labels as they are edited.
    #[must_use]
    pub fn labels_text(&self) -> String {
        text::plain(&self.labels.join(", "))
    }

    /// Puts what was said in its order: a note after the message it stands after, an announcement by its time.
    ///
    /// # Errors
    /// As [`super::render`].
    pub fn say(&mut self, messages: &[Message], notes: &[Note], announcements: &[Announcement]) -> Result<(), Problem> {
        let first_seq = messages.first().map_or(0, |message| message.seq);
        let first_at = messages.first().filter(|message| message.seq > 1).map(|message| message.created_at);
        let mut notes = notes.iter().filter(|note| first_seq <= 1 || note.after_seq >= first_seq).peekable();
        let mut announcements =
            announcements.iter().filter(|item| first_at.is_none_or(|at| item.created_at >= at)).peekable();
        let mut items = Vec::with_capacity(messages.len());
        let mut before = 0;
        for message in messages {
            while let Some(note) = notes.next_if(|note| note.after_seq <= before) {
                items.push(note::html(note)?);
            }
            while let Some(item) = announcements.next_if(|item| item.created_at < message.created_at) {
                items.push(announcement::html(item)?);
            }
            items.push(message::html(message)?);
            before = message.seq;
        }
        for note in notes {
            items.push(note::html(note)?);
        }
        for item in announcements {
            items.push(announcement::html(item)?);
        }
        self.items = items;
        self.last_seq = messages.last().map_or(0, |message| message.seq);
        Ok(())
    }
}
