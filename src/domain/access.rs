//! Who acts, and what they may reach.

use std::{fmt, net::IpAddr};

use uuid::Uuid;

use super::{
    heartbeat,
    ids::{CandidateId, CandidateSessionId, ConversationId, Id, LinkId, OrganizationId, SessionId, UserId},
    message::{Author, AuthorKind},
    problem::Problem,
    text::Name,
    user::{Role, User},
};

/// From where somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// Over the network, from this address as far as it can be believed.
    Address(IpAddr),
    /// By a command on the machine.
    CommandLine,
}

impl Whence {
    const COMMAND_LINE: &'static str = "command line";

    /// Parses what [`Whence`] shows.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            Self::COMMAND_LINE => Some(Self::CommandLine),
            address => address.parse().ok().map(Self::Address),
        }
    }
}

impl fmt::Display for Whence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::CommandLine => f.write_str(Self::COMMAND_LINE),
        }
    }
}

/// Who acts in one organization.
#[derive(Clone, Debug)]
pub enum Actor {
    /// A user or a program, on the hiring team's side.
    Member(Member),
    /// A candidate, by chat link.
    Candidate(CandidateActor),
}

/// A user or an API token within one organization.
#[derive(Clone, Debug)]
pub struct Member {
    /// The organization.
    pub organization: OrganizationId,
    /// Who it is.
    pub identity: Identity,
    /// The name.
    pub name: Name,
    /// What they may do.
    pub role: Role,
    /// From where they act.
    pub whence: Whence,
}

/// Which user or program a [`Member`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A user; the session where they act from a browser.
    User(UserId, Option<SessionId>),
    /// An API token.
    Api(super::ids::ApiTokenId),
}

/// A candidate within one organization.
#[derive(Clone, Debug)]
pub struct CandidateActor {
    /// The organization.
    pub organization: OrganizationId,
    /// Who it is.
    pub id: CandidateId,
    /// The name.
    pub name: Name,
    /// The conversations they entered, each with the link that let them in.
    pub conversations: Vec<(ConversationId, LinkId)>,
    /// The browser, where they came in by its cookie.
    pub session: Option<CandidateSessionId>,
}

impl Actor {
    /// The organization they act in.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        match self {
            Self::Member(member) => member.organization,
            Self::Candidate(candidate) => candidate.organization,
        }
    }

    /// Whether it is nobody, but the heartbeat.
    #[must_use]
    pub fn is_heartbeat(&self) -> bool {
        self.organization() == heartbeat::organization()
    }

    /// How they stand under what they write.
    #[must_use]
    pub fn author(&self) -> Author {
        match self {
            Self::Member(member) => member.author(),
            Self::Candidate(candidate) => {
                Author { kind: AuthorKind::Candidate, id: candidate.id.uuid(), name: candidate.name.clone() }
            }
        }
    }

    /// The member, for what only the hiring team may do.
    ///
    /// # Errors
    /// `forbidden` for a candidate.
    pub fn member(&self) -> Result<&Member, Problem> {
        match self {
            Self::Member(member) => Ok(member),
            Self::Candidate(_) => Err(Problem::forbidden()),
        }
    }
}

impl Member {
    /// How they stand under what they write and hold.
    #[must_use]
    pub fn author(&self) -> Author {
        Author { kind: self.kind(), id: self.id(), name: self.name.clone() }
    }

    /// User or program.
    #[must_use]
    pub const fn kind(&self) -> AuthorKind {
        match self.identity {
            Identity::User(..) => AuthorKind::User,
            Identity::Api(_) => AuthorKind::Api,
        }
    }

    /// The id of the user or the API token.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self.identity {
            Identity::User(user, _) => user.uuid(),
            Identity::Api(token) => token.uuid(),
        }
    }

    /// The user, where it is one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self.identity {
            Identity::User(user, _) => Some(user),
            Identity::Api(_) => None,
        }
    }

    /// Checks the role.
    ///
    /// # Errors
    /// `forbidden` when theirs is less than `role`.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

/// Proof that somebody runs the whole installation; asked for by what reaches beyond one organization.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    user: Option<UserId>,
    whence: Whence,
}

impl Operator {
    /// An operator who is signed in.
    ///
    /// # Errors
    /// `forbidden` for every other user.
    pub fn of(user: &User, whence: Whence) -> Result<Self, Problem> {
        let is_one = user.operator && user.removed_at.is_none();
        if is_one { Ok(Self { user: Some(user.id), whence }) } else { Err(Problem::forbidden()) }
    }

    /// Whoever may start commands on the machine.
    #[must_use]
    pub const fn command_line() -> Self {
        Self { user: None, whence: Whence::CommandLine }
    }

    /// The user, unless it is the command line.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        self.user
    }

    /// From where they act.
    #[must_use]
    pub const fn whence(self) -> Whence {
        self.whence
    }
}
