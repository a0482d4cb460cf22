//! Conversations: one candidate in one project.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    ids::{CandidateId, ConversationId, OrganizationId, ProjectId, UserId},
    problem::Problem,
    queue::Priority,
    text::{Name, comparable},
    time::Timestamp,
};

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// Going on.
    Open,
    /// Set aside until a moment, or until the candidate writes.
    Snoozed,
    /// Done; a candidate's later message opens it again.
    Closed,
}

impl ConversationStatus {
    /// The status as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
        }
    }
}

/// A conversation as the hiring team sees it. Candidates are never shown this.
#[derive(Clone, Debug, Serialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    #[serde(skip)]
    pub organization: OrganizationId,
    /// The project it belongs to.
    pub project: ProjectId,
    /// The candidate.
    pub candidate: CandidateBrief,
    /// Where it stands.
    pub status: ConversationStatus,
    /// When a snoozed one comes back by itself.
    pub snooze_until: Option<Timestamp>,
    /// Who takes care of it.
    pub assignee: Option<UserBrief>,
    /// How urgent its messages are.
    pub priority: Priority,
    /// Labels, in alphabetical order.
    pub labels: Vec<Label>,
    /// The greatest `seq` of its messages, 0 if none.
    pub last_seq: i64,
    /// The greatest `seq` of its notes, 0 if none.
    pub last_note_seq: i64,
    /// Up to where candidate messages are handled.
    pub handled_seq: i64,
    /// Up to where the candidate has marked messages read.
    pub candidate_read_seq: i64,
    /// Up to where somebody of the team has marked messages read.
    pub team_read_seq: i64,
    /// When the last message was posted.
    pub last_message_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A candidate in a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CandidateBrief {
    /// The id.
    pub id: CandidateId,
    /// The name.
    pub name: Name,
}

/// A user in a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserBrief {
    /// The id.
    pub id: UserId,
    /// The name.
    pub name: Name,
}

/// The most labels of a conversation.
pub const LABEL_LIMIT: usize = 20;

/// A label on a conversation: a single line of at most 40 characters. Two that differ in case, spaces or Unicode's form of
/// composition are one label, see [`Label::folded`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(Name);

impl Label {
    /// Parses one label.
    ///
    /// # Errors
    /// `invalid` on `labels` when it is empty, longer than 40 characters or has control characters.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let name = Name::parse("labels", raw)?;
        if name.chars().count() > 40 {
            return Err(Problem::invalid("labels", "A label has at most 40 characters."));
        }
        Ok(Self(name))
    }

    /// Parses a conversation's labels; sorted, each once, as it is first written.
    ///
    /// # Errors
    /// As [`Label::parse`]; also `too_large` for more than 20.
    pub fn parse_all<'a>(raw: impl IntoIterator<Item = &'a str>) -> Result<Vec<Self>, Problem> {
        let mut labels = raw.into_iter().map(Self::parse).collect::<Result<Vec<_>, _>>()?;
        let mut seen = HashSet::new();
        labels.retain(|label| seen.insert(label.folded()));
        labels.sort();
        Self::require_few(labels.len())?;
        Ok(labels)
    }

    /// Refuses more labels than a conversation has.
    ///
    /// # Errors
    /// `too_large` on `labels`.
    pub fn require_few(count: usize) -> Result<(), Problem> {
        let too_many = || Problem::too_large("labels", "A conversation has at most 20 labels.");
        if count > LABEL_LIMIT { Err(too_many()) } else { Ok(()) }
    }

    /// The label as it is compared with others.
    #[must_use]
    pub fn folded(&self) -> String {
        comparable(&self.0)
    }

    /// Takes what the store holds.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(Name::from_stored(text))
    }

    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is to be changed of a conversation; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct ConversationChange {
    /// A new status; snoozing may say until when.
    pub status: Option<ConversationStatus>,
    /// When a snoozed conversation comes back; `None` with `Snoozed`: only when the candidate writes.
    pub snooze_until: Option<Timestamp>,
    /// `Some(None)` takes the assignee away.
    pub assignee: Option<Option<UserId>>,
    /// A new priority.
    pub priority: Option<Priority>,
    /// All labels, in place of those that there are.
    pub labels: Option<Vec<Label>>,
    /// Labels to add to those that there are.
    pub add_labels: Vec<Label>,
    /// Labels to take away.
    pub remove_labels: Vec<Label>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_differ_in_case_spaces_and_form_are_one() {
        let labels =
            Label::parse_all(["Java", "java", " JAVA ", "Caf\u{e9}  au lait", "cafe\u{301} au\u{a0}lait"]).unwrap();
        assert_eq!(labels.iter().map(Label::as_str).collect::<Vec<_>>(), ["Café  au lait", "Java"]);
        let many = (0..21).map(|number| number.to_string()).collect::<Vec<_>>();
        assert!(Label::parse_all(many.iter().map(String::as_str)).is_err());
    }
}
