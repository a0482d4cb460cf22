//! Conversations: one candidate in one project.

use serde::{Deserialize, Serialize};

use super::{
    ids::{CandidateId, ConversationId, OrganizationId, ProjectId, UserId},
    problem::Problem,
    queue::Priority,
    text::Name,
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

/// A label on a conversation: a single line of at most 40 characters.
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

    /// Parses a conversation's labels; sorted, each once.
    ///
    /// # Errors
    /// As [`Label::parse`]; also `too_large` for more than 20.
    pub fn parse_all<'a>(raw: impl IntoIterator<Item = &'a str>) -> Result<Vec<Self>, Problem> {
        let mut labels = raw.into_iter().map(Self::parse).collect::<Result<Vec<_>, _>>()?;
        labels.sort();
        labels.dedup();
        if labels.len() > 20 {
            return Err(Problem::too_large("labels", "A conversation has at most 20 labels."));
        }
        Ok(labels)
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
    /// All labels anew.
    pub labels: Option<Vec<Label>>,
}
