//! All that is kept of a candidate and shared with them, to hand out.

use serde::Serialize;

use crate::{
    app::App,
    domain::{access::Actor, candidate::Candidate, problem::Problem, user::Role},
    store::{
        announcements::{self, ExportedAnnouncement},
        candidates::{self, ConversationOf, ExportedMessage},
    },
};

/// A candidate's data.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// The profile.
    pub candidate: Candidate,
    /// The conversations that the actor reads.
    pub conversations: Vec<ExportedConversation>,
}

/// A conversation in an [`Export`]; team notes are not among it.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedConversation {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: ConversationOf,
    /// Every message.
    pub messages: Vec<ExportedMessage>,
    /// Every announcement that stands between them.
    pub announcements: Vec<ExportedAnnouncement>,
}

/// Collects a candidate's data. For recruiters.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn export(app: &App, actor: &Actor, id: crate::domain::ids::CandidateId) -> Result<Export, Problem> {
    let facts = super::facts(app, actor, id).await?;
    let member = actor.member()?;
    member.require(Role::Recruiter)?;
    let mut conn = app.store.read().await?;
    let mut conversations = Vec::with_capacity(facts.conversations.len());
    for conversation in facts.conversations {
        let messages = candidates::messages(&mut conn, member.organization, conversation.id).await?;
        let announcements = announcements::exported(&mut conn, member.organization, conversation.id).await?;
        conversations.push(ExportedConversation { conversation, messages, announcements });
    }
    Ok(Export { candidate: facts.candidate, conversations })
}
