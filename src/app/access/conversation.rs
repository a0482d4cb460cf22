//! Who reaches a conversation, and which part of the queue.

use crate::{
    app::App,
    domain::{
        access::{Actor, Identity, Member},
        ids::{ConversationId, UserId},
        problem::Problem,
        user::Role,
    },
    store::{
        Conn,
        conversations::{self, Reached},
        queue::Scope,
    },
};

/// The conversation, if the actor reaches it.
///
/// # Errors
/// `not_found` when it does not exist for this actor.
pub async fn conversation(conn: &mut Conn, actor: &Actor, id: ConversationId) -> Result<Reached, Problem> {
    known_to(actor, id)?;
    let reached = conversations::reach(conn, actor.organization(), id, user_of(actor)).await?;
    reached.filter(|reached| is_within_reach(actor, reached)).ok_or_else(Problem::not_found)
}

/// As [`conversation`], for a transaction that changes it or its queue entry.
///
/// # Errors
/// `not_found` when it does not exist for this actor.
pub async fn conversation_to_change(conn: &mut Conn, actor: &Actor, id: ConversationId) -> Result<Reached, Problem> {
    known_to(actor, id)?;
    let reached = conversations::reach_to_change(conn, actor.organization(), id, user_of(actor)).await?;
    reached.filter(|reached| is_within_reach(actor, reached)).ok_or_else(Problem::not_found)
}

/// As [`conversation_to_change`], for a member who may write.
///
/// # Errors
/// `not_found`, or `forbidden` for candidates and viewers.
pub async fn conversation_to_work_on(conn: &mut Conn, actor: &Actor, id: ConversationId) -> Result<Reached, Problem> {
    let reached = conversation_to_change(conn, actor, id).await?;
    actor.member()?.require(Role::Recruiter)?;
    Ok(reached)
}

/// Tells a member who is over a rate limit first what would have been refused before it.
///
/// # Errors
/// `not_found`, or `forbidden` for viewers.
pub async fn conversation_to_write_to(app: &App, actor: &Actor, id: ConversationId) -> Result<(), Problem> {
    let mut conn = app.store.read().await?;
    conversation(&mut conn, actor, id).await?;
    actor.member()?.require(Role::Recruiter)
}

/// Whether a candidate came in by a link of that conversation; members are looked at with the conversation itself.
///
/// # Errors
/// `not_found` for any other conversation of a candidate's.
pub fn known_to(actor: &Actor, id: ConversationId) -> Result<(), Problem> {
    match actor {
        Actor::Candidate(candidate) if !candidate.conversations.iter().any(|(known, _)| *known == id) => {
            Err(Problem::not_found())
        }
        _ => Ok(()),
    }
}

/// Which part of the queue a member sees.
#[must_use]
pub const fn scope(member: &Member) -> Scope {
    Scope { user: member.user(), all_projects: matches!(member.identity, Identity::Api(_)), project: None }
}

fn user_of(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::Member(member) => member.user(),
        Actor::Candidate(_) => None,
    }
}

fn is_within_reach(actor: &Actor, reached: &Reached) -> bool {
    match actor {
        Actor::Candidate(candidate) => reached.conversation.candidate.id == candidate.id,
        Actor::Member(Member { identity: Identity::Api(_), .. }) => true,
        Actor::Member(Member { identity: Identity::User(..), .. }) => !reached.restricted || reached.named,
    }
}
