//! Candidates.

mod add;
mod export;
mod import;
mod manage;

pub use self::{
    add::{Added, add},
    export::{Export, ExportedConversation, export},
    import::{Import, RowOutcome, RowResult, import},
    manage::{change, erase, update},
};
pub use crate::store::{
    announcements::ExportedAnnouncement,
    candidates::{ConversationOf, ExportedMessage},
};
use crate::{
    app::App,
    domain::{access::Actor, candidate::Candidate, ids::CandidateId, problem::Problem},
    store,
};

/// What the team knows of a candidate.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The candidate.
    pub candidate: Candidate,
    /// The conversations with them that the actor reads, oldest first.
    pub conversations: Vec<ConversationOf>,
}

/// What the team knows of a candidate with whom it has a conversation that the actor reads.
///
/// # Errors
/// `not_found`.
pub async fn facts(app: &App, actor: &Actor, id: CandidateId) -> Result<Facts, Problem> {
    let Actor::Member(member) = actor else { return Err(Problem::not_found()) };
    let mut conn = app.store.read().await?;
    let (organization, user) = (member.organization, member.user());
    let candidate = store::candidates::find(&mut conn, organization, user, id).await?.ok_or_else(Problem::not_found)?;
    let conversations = store::candidates::conversations(&mut conn, organization, user, id).await?;
    Ok(Facts { candidate, conversations })
}
