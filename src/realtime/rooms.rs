//! The rooms. Only the server puts sockets into them.

use std::fmt;

use crate::domain::ids::{
    ApiTokenId, CandidateId, CandidateSessionId, ConversationId, LinkId, ProjectId, SessionId, UserId,
};

/// A room of an organization's namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Room {
    /// The hiring team of a project.
    Project(ProjectId),
    /// A project's candidates, who get announcements there and nothing else.
    Candidates(ProjectId),
    /// A conversation's candidate, and the users who have it open.
    Conversation(ConversationId),
    /// Of these, the users alone.
    Viewers(ConversationId),
    /// All sockets of a user.
    User(UserId),
    /// All sockets of one of a user's browsers.
    Session(SessionId),
    /// All sockets of an API token.
    Api(ApiTokenId),
    /// All sockets that came in by one chat link.
    Link(LinkId),
    /// All sockets of one candidate in one browser.
    CandidateSession(CandidateSessionId, CandidateId),
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Project(id) => write!(f, "project:{id}"),
            Self::Candidates(id) => write!(f, "project:{id}:candidates"),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::Viewers(id) => write!(f, "conversation:{id}:users"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Session(id) => write!(f, "session:{id}"),
            Self::Api(id) => write!(f, "api:{id}"),
            Self::Link(id) => write!(f, "link:{id}"),
            Self::CandidateSession(id, candidate) => write!(f, "candidate_session:{id}:{candidate}"),
        }
    }
}
