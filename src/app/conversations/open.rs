//! Looking at one conversation.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        conversation::Conversation,
        ids::{ConversationId, OrganizationId},
        message::{Message, Note},
        page::{Limit, Stretch},
        problem::Problem,
        queue::{EntryState, Outcome, QueueEntry},
        user::Role,
    },
    store::{
        conversations::{self, Reached},
        messages, notes, queue,
    },
};

/// A conversation as it is opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The conversation.
    pub conversation: Conversation,
    /// Its project's name, status and who reaches it.
    pub reached: Reached,
    /// Its last 50 messages, ascending.
    pub messages: Vec<Message>,
    /// Its last 50 notes, ascending.
    pub notes: Vec<Note>,
    /// Its queue entry, where one waits or is claimed.
    pub entry: Option<QueueEntry>,
    /// Its queue entry, where one is snoozed, or paused since the project is closed.
    pub set_aside: Option<QueueEntry>,
    /// How its last queue entry ended, where nothing is unhandled.
    pub outcome: Option<Outcome>,
}

/// Opens a conversation. This marks nothing as read or handled.
///
/// # Errors
/// `not_found`, `forbidden` for candidates.
pub async fn open(app: &App, actor: &Actor, id: ConversationId) -> Result<Opened, Problem> {
    let mut conn = app.store.read().await?;
    let reached = access::conversation(&mut conn, actor, id).await?;
    let organization = actor.member()?.organization;
    let latest = Stretch::Before(i64::MAX);
    let (messages, _) = messages::stretch(&mut conn, organization, id, latest, Limit::DEFAULT).await?;
    let (notes, _) = notes::stretch(&mut conn, organization, id, latest, Limit::DEFAULT).await?;
    let live = queue::live(&mut conn, organization, id).await?;
    let outcome = match live {
        Some(_) => None,
        None => queue::last_ended(&mut conn, organization, id).await?.and_then(|entry| entry.outcome),
    };
    let is_active = |entry: &QueueEntry| matches!(entry.state, EntryState::Waiting | EntryState::Claimed);
    let (entry, set_aside) = if live.as_ref().is_some_and(is_active) { (live, None) } else { (None, live) };
    let conversation = reached.conversation.clone();
    Ok(Opened { conversation, reached, messages, notes, entry, set_aside, outcome })
}

/// Finds a conversation, with what decides what may be done in it; for candidates too.
///
/// # Errors
/// `not_found`.
pub async fn find(app: &App, actor: &Actor, id: ConversationId) -> Result<Reached, Problem> {
    let mut conn = app.store.read().await?;
    access::conversation(&mut conn, actor, id).await
}

/// Whether the actor may let others see that they type there.
///
/// # Errors
/// `not_found`, `forbidden` for viewers.
pub async fn may_type(app: &App, actor: &Actor, id: ConversationId) -> Result<(), Problem> {
    find(app, actor, id).await?;
    match actor {
        Actor::Candidate(_) => Ok(()),
        Actor::Member(member) => member.require(Role::Recruiter),
    }
}

/// Loads a conversation for those who are told that it changed; who they are decides the room.
///
/// # Errors
/// `not_found`.
pub async fn one(app: &App, organization: OrganizationId, id: ConversationId) -> Result<Conversation, Problem> {
    let mut conn = app.store.read().await?;
    let reached = conversations::reach(&mut conn, organization, id, None).await?.ok_or_else(Problem::not_found)?;
    Ok(reached.conversation)
}
