//! The dashboard's first two columns: where one can look, and what is there.

use uuid::Uuid;

use super::standing::{Facts, Standing};
use crate::domain::{
    conversation::{Conversation, Label},
    ids::{ConversationId, ProjectId},
    queue::HolderBrief,
    text::Name,
    time::Timestamp,
};

/// What waits in a conversation of a list.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Unhandled candidate messages.
    pub unread: i64,
    /// Whether the candidate asks for a new chat link.
    pub asks_for_link: bool,
    /// Since when.
    pub enqueued_at: Timestamp,
    /// By when somebody should have answered.
    pub due_at: Timestamp,
    /// Who holds it.
    pub claimed_by: Option<HolderBrief>,
}

/// One conversation in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The conversation.
    pub id: ConversationId,
    /// Its address.
    pub href: String,
    /// Whether it is open beside the list.
    pub current: bool,
    /// The candidate's name.
    pub candidate: Name,
    /// The project's name.
    pub project: String,
    /// How the first unhandled message begins, otherwise what was said last; empty where nothing is known.
    pub preview: String,
    /// Who said it, where it was not the candidate: "You" or a first name.
    pub said_by: Option<String>,
    /// When something was said last.
    pub at: Option<Timestamp>,
    /// `open`, `snoozed` or `closed`.
    pub status: &'static str,
    /// `urgent`, `normal` or `low`.
    pub priority: &'static str,
    /// Who takes care of it.
    pub assignee: Option<Name>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Until when it is set aside.
    pub snooze_until: Option<Timestamp>,
    /// Whether nobody can write in its project.
    pub project_closed: bool,
    /// What waits in it.
    pub entry: Option<Waits>,
    /// Unhandled messages where it is snoozed or its project is closed.
    pub unread_aside: i64,
    /// Whether there is something that who looks has not read.
    pub unread: bool,
}

impl Row {
    /// A row of `conversation` at `href`; what waits and what was said last are to be filled in.
    #[must_use]
    pub fn new(href: String, conversation: &Conversation, project: String) -> Self {
        Self {
            id: conversation.id,
            href,
            current: false,
            candidate: conversation.candidate.name.clone(),
            project,
            preview: String::new(),
            said_by: None,
            at: conversation.last_message_at,
            status: conversation.status.as_str(),
            priority: conversation.priority.as_str(),
            assignee: conversation.assignee.as_ref().map(|user| user.name.clone()),
            labels: conversation.labels.iter().map(|label| label.as_str().to_owned()).collect(),
            snooze_until: conversation.snooze_until,
            project_closed: false,
            entry: None,
            unread_aside: 0,
            unread: false,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::from(Facts {
            project_closed: self.project_closed,
            status: self.status,
            snooze_until: self.snooze_until,
            queued: self.entry.is_some(),
            unread: self.unread_aside,
            holder: self.entry.as_ref().and_then(|entry| entry.claimed_by.as_ref()).map(|by| by.name.clone()),
            ..Facts::default()
        })
    }
}

/// The conversation that Next would take.
#[derive(Clone, Debug)]
pub struct Upcoming {
    /// The candidate's name.
    pub candidate: Name,
    /// By when somebody should answer.
    pub due_at: Timestamp,
}

/// A link of the first column.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the live list knows it by.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub href: String,
    /// How many conversations are there.
    pub count: Option<i64>,
    /// Whether the list shows it.
    pub current: bool,
}

/// Somebody who can be chosen.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user.
    pub id: Uuid,
    /// Their name.
    pub name: Name,
}

/// What the list is narrowed to, as it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One label.
    pub label: Option<Label>,
    /// One assignee.
    pub assignee: Option<Uuid>,
    /// What nobody of the team has read.
    pub unread: bool,
}

impl Filter {
    /// Whether anything is narrowed.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.label.is_some() || self.assignee.is_some() || self.unread
    }

    /// Whether it is narrowed to this label.
    #[must_use]
    pub fn is_label(&self, label: impl AsRef<str>) -> bool {
        self.label.as_ref().is_some_and(|own| own.as_str() == label.as_ref())
    }

    /// Whether it is narrowed to this assignee.
    #[must_use]
    pub fn is_assignee(&self, id: &Uuid) -> bool {
        self.assignee.as_ref() == Some(id)
    }
}

/// The first two columns.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The address of what is listed.
    pub address: String,
    /// The view's word in the address.
    pub view: &'static str,
    /// The view's name.
    pub title: &'static str,
    /// How many conversations the view holds, filters aside.
    pub total: i64,
    /// The queue's state in a sentence.
    pub summary: String,
    /// The views.
    pub views: Vec<Place>,
    /// The projects.
    pub projects: Vec<Place>,
    /// The view without a project.
    pub every_project_href: String,
    /// The project that the list is narrowed to.
    pub project: Option<ProjectId>,
    /// What else it is narrowed to.
    pub filter: Filter,
    /// Labels to choose from.
    pub labels: Vec<String>,
    /// Members to choose from.
    pub members: Vec<Person>,
    /// The conversation that Next would take, where the list shows it.
    pub next: Option<Upcoming>,
    /// The conversations.
    pub rows: Vec<Row>,
    /// Where the rest is.
    pub more_href: Option<String>,
    /// Where the beginning is, where the list does not show it.
    pub first_href: Option<String>,
}

impl Inbox {
    /// Whether a project is to be created first.
    #[must_use]
    pub fn has_no_projects(&self) -> bool {
        self.projects.is_empty()
    }

    /// What an empty list says.
    #[must_use]
    pub fn empty_title(&self) -> &'static str {
        match self.view {
            _ if self.filter.is_set() => "Nothing fits this filter",
            _ if self.has_no_projects() => "Begin with a project",
            "waiting" => "Nobody is waiting",
            "mine" => "Nothing is assigned to you",
            "unassigned" => "Everything has somebody",
            "snoozed" => "Nothing is set aside",
            "closed" => "Nothing is closed",
            _ => "No conversation yet",
        }
    }

    /// What to do where the list is empty.
    #[must_use]
    pub fn empty_text(&self) -> &'static str {
        match self.view {
            _ if self.filter.is_set() => "Take a part of the filter away to see more.",
            _ if self.has_no_projects() => "A project is one job that you hire for. Then add candidates to it.",
            "waiting" => "Every candidate has been answered. New messages appear here by themselves.",
            "mine" => "Press I in a conversation to take care of it.",
            "snoozed" => "Press Z in a conversation to see it again later.",
            "closed" => "A conversation is closed from its menu.",
            _ => "Add a candidate to a project and send them their chat link.",
        }
    }

    /// What stands where no conversation is open.
    #[must_use]
    pub fn greeting(&self) -> String {
        let waiting = self.views.first().and_then(|view| view.count).unwrap_or(0);
        match waiting {
            0 => "All candidates have been answered".to_owned(),
            1 => "One candidate is waiting for a reply".to_owned(),
            more => format!("{more} candidates are waiting for a reply"),
        }
    }
}
