//! The audit log: who did what to whom, when, from where. No message's text and no secret has a way in (see [`Said`]),
//! and candidates stand in it by their ids alone, so that erasing one leaves no name behind.

mod action;
mod said;

use std::collections::BTreeMap;

use uuid::Uuid;

pub use self::{
    action::Action,
    said::{Fact, Said},
};
use super::{
    access::{Member, Operator, Whence},
    ids::{AlertId, AuditId, CandidateId, ConversationId, Id, JobId, OrganizationId, ProjectId, UserId},
    invitation::Invitation,
    message::AuthorKind,
    organization::{Organization, Slug},
    project::Project,
    text::Name,
    time::Timestamp,
    user::User,
};

/// What kind of actor did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A user.
    User,
    /// A program with an API token.
    Api,
    /// A candidate, by chat link.
    Candidate,
    /// Whoever may start commands on the machine.
    CommandLine,
    /// Nobody knows who.
    Stranger,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::User, Self::Api, Self::Candidate, Self::CommandLine, Self::Stranger];

    /// The kind as it stands in the store and in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Api => "api",
            Self::Candidate => "candidate",
            Self::CommandLine => "command_line",
            Self::Stranger => "stranger",
        }
    }
}

/// Who did it, and from where.
#[derive(Clone, Debug)]
pub struct By {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The id of the user, API token or candidate.
    pub id: Option<Uuid>,
    /// The name at that time; the store adds a user's where only the id is known.
    pub name: Option<Name>,
    /// From where.
    pub whence: Whence,
}

impl By {
    /// A user who is known by more than a session, such as by a one-time address.
    #[must_use]
    pub fn user(user: &User, whence: Whence) -> Self {
        Self { kind: ActorKind::User, id: Some(user.id.uuid()), name: Some(user.name.clone()), whence }
    }

    /// A candidate, without the name.
    #[must_use]
    pub fn candidate(id: CandidateId, whence: Whence) -> Self {
        Self { kind: ActorKind::Candidate, id: Some(id.uuid()), name: None, whence }
    }

    /// Somebody of whom only the address is known.
    #[must_use]
    pub const fn stranger(whence: Whence) -> Self {
        Self { kind: ActorKind::Stranger, id: None, name: None, whence }
    }
}

impl From<&Member> for By {
    fn from(member: &Member) -> Self {
        let kind = if member.kind() == AuthorKind::Api { ActorKind::Api } else { ActorKind::User };
        Self { kind, id: Some(member.id()), name: Some(member.name.clone()), whence: member.whence }
    }
}

impl From<Operator> for By {
    fn from(operator: Operator) -> Self {
        let kind = operator.user().map_or(ActorKind::CommandLine, |_| ActorKind::User);
        Self { kind, id: operator.user().map(Id::uuid), name: None, whence: operator.whence() }
    }
}

/// What kind of thing it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// An organization.
    Organization,
    /// A user.
    User,
    /// An invitation into an organization.
    Invitation,
    /// An API token.
    ApiToken,
    /// A hiring project.
    Project,
    /// A conversation.
    Conversation,
    /// A candidate.
    Candidate,
    /// An alert.
    Alert,
    /// A job.
    Job,
}

impl SubjectKind {
    /// The kind as it stands in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::User => "user",
            Self::Invitation => "invitation",
            Self::ApiToken => "api_token",
            Self::Project => "project",
            Self::Conversation => "conversation",
            Self::Candidate => "candidate",
            Self::Alert => "alert",
            Self::Job => "job",
        }
    }
}

/// What it was done to.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Uuid,
    /// The name at that time; the store adds that of a user or API token where only the id is known.
    pub label: Option<Name>,
}

impl Subject {
    /// Something without a name of its own, or whose name the store knows.
    #[must_use]
    pub fn of(kind: SubjectKind, id: impl Id) -> Self {
        Self { kind, id: id.uuid(), label: None }
    }
}

macro_rules! subjects {
    ($($id:ident $kind:ident)*) => {$(
        impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self::of(SubjectKind::$kind, id)
            }
        }
    )*};
}

subjects! { AlertId Alert JobId Job UserId User ConversationId Conversation CandidateId Candidate ProjectId Project }

impl From<&Organization> for Subject {
    fn from(organization: &Organization) -> Self {
        let label = Some(organization.name.clone());
        Self { kind: SubjectKind::Organization, id: organization.id.uuid(), label }
    }
}

impl From<&Invitation> for Subject {
    fn from(invitation: &Invitation) -> Self {
        Self { kind: SubjectKind::Invitation, id: invitation.id.uuid(), label: Some(invitation.name.clone()) }
    }
}

impl From<&Project> for Subject {
    fn from(project: &Project) -> Self {
        Self { kind: SubjectKind::Project, id: project.id.uuid(), label: Some(project.name.clone()) }
    }
}

/// What else is to be known of it, such as a role before and after.
pub type Facts = BTreeMap<String, Fact>;

/// Something that was done and is to be written down.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who did it.
    pub by: By,
    /// What.
    pub action: Action,
    /// In which organization, where it was in one.
    pub organization: Option<OrganizationId>,
    /// To what, where it was done to something.
    pub subject: Option<Subject>,
    /// What else is to be known of it.
    pub facts: Facts,
}

impl Act {
    /// Something that somebody did.
    pub fn new(by: impl Into<By>, action: Action) -> Self {
        Self { by: by.into(), action, organization: None, subject: None, facts: Facts::new() }
    }

    /// In that organization.
    #[must_use]
    pub fn within(mut self, organization: impl Into<Option<OrganizationId>>) -> Self {
        self.organization = organization.into();
        self
    }

    /// To that.
    #[must_use]
    pub fn on(mut self, subject: impl Into<Subject>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// This is to be known of it.
    #[must_use]
    pub fn fact(mut self, name: &str, is: impl Into<Said>) -> Self {
        self.facts.insert(name.to_owned(), Fact::Is(is.into().0));
        self
    }

    /// This became that; nothing where it stayed what it was.
    #[must_use]
    pub fn change<T: Into<Said>>(mut self, name: &str, from: T, to: T) -> Self {
        let (from, to) = (from.into().0, to.into().0);
        if from != to {
            self.facts.insert(name.to_owned(), Fact::Changed { from, to });
        }
        self
    }
}

/// Something that was written down.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id; later entries have greater ones.
    pub id: AuditId,
    /// When.
    pub created_at: Timestamp,
    /// In which organization, with its name in addresses; it may be gone.
    pub organization: Option<(OrganizationId, Option<Slug>)>,
    /// Who did it.
    pub by: By,
    /// What.
    pub action: Action,
    /// To what.
    pub subject: Option<Subject>,
    /// What else is to be known of it.
    pub facts: Facts,
}
