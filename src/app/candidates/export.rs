//! All that is kept of a candidate and shared with them, to hand out.

use serde::Serialize;

use crate::{
    app::App,
    domain::{
        access::{Actor, Member},
        audit::{Act, Action},
        candidate::Candidate,
        ids::CandidateId,
        problem::Problem,
        user::Role,
    },
    store::{
        Change, Tx,
        announcements::{self, ExportedAnnouncement},
        audit,
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

/// Collects a candidate's data, and writes down that it was handed out. For recruiters.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`; what cannot be written down is not handed out.
pub async fn export(app: &App, actor: &Actor, id: CandidateId) -> Result<Export, Problem> {
    let facts = super::facts(app, actor, id).await?;
    let member = actor.member()?;
    member.require(Role::Recruiter)?;
    app.limits.changes(actor)?;
    let conversations = collect(app, member, facts.conversations).await?;
    app.store.commit(Exported { member: member.clone(), id, conversations: conversations.len() }).await?;
    Ok(Export { candidate: facts.candidate, conversations })
}

struct Exported {
    member: Member,
    id: CandidateId,
    conversations: usize,
}

impl Change for Exported {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let act = Act::new(&self.member, Action::CandidateExported).within(self.member.organization).on(self.id);
        audit::record(tx, act.fact("conversations", self.conversations)).await?;
        Ok(())
    }
}

async fn collect(app: &App, member: &Member, all: Vec<ConversationOf>) -> Result<Vec<ExportedConversation>, Problem> {
    let mut conn = app.store.read().await?;
    let mut conversations = Vec::with_capacity(all.len());
    for conversation in all {
        let messages = candidates::messages(&mut conn, member.organization, conversation.id).await?;
        let announcements = announcements::exported(&mut conn, member.organization, conversation.id).await?;
        conversations.push(ExportedConversation { conversation, messages, announcements });
    }
    Ok(conversations)
}
