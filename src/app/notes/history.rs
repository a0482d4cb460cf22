//! Reading notes.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        ids::{ConversationId, OrganizationId},
        message::Note,
        page::{Limit, StreamPage, Stretch},
        problem::Problem,
    },
    store::notes,
};

/// A stretch of a conversation's notes, ascending.
///
/// # Errors
/// `not_found`, `forbidden` for candidates.
pub async fn history(
    app: &App,
    actor: &Actor,
    conversation: ConversationId,
    stretch: Stretch,
    limit: Limit,
) -> Result<StreamPage<Note>, Problem> {
    let mut conn = app.store.read().await?;
    let reached = access::conversation(&mut conn, actor, conversation).await?;
    actor.member()?;
    let organization = actor.organization();
    let (items, has_more) = notes::stretch(&mut conn, organization, conversation, stretch, limit).await?;
    let last_seq = items.last().map_or(0, |note| note.seq).max(reached.conversation.last_note_seq);
    Ok(StreamPage { items, last_seq, has_more })
}

/// The notes that stand after messages from `first` to `last`, ascending; at most 200, the latest.
///
/// # Errors
/// `not_found`, `forbidden` for candidates.
pub async fn beside(
    app: &App,
    actor: &Actor,
    conversation: ConversationId,
    (first, last): (i64, i64),
) -> Result<Vec<Note>, Problem> {
    let mut conn = app.store.read().await?;
    access::conversation(&mut conn, actor, conversation).await?;
    actor.member()?;
    Ok(notes::beside(&mut conn, actor.organization(), conversation, (first, last), Limit::MAX).await?)
}

/// One note by its place, for the fan-out of a node that did not post it.
///
/// # Errors
/// `not_found`.
pub async fn one(
    app: &App,
    organization: OrganizationId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Note, Problem> {
    let mut conn = app.store.read().await?;
    notes::find_by_seq(&mut conn, organization, conversation, seq).await?.ok_or_else(Problem::not_found)
}
