//! Reading messages.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        ids::{ConversationId, OrganizationId},
        message::Message,
        page::{Limit, StreamPage, Stretch},
        problem::Problem,
    },
    store::messages,
};

/// A stretch of a conversation's messages, ascending.
///
/// # Errors
/// `not_found`.
pub async fn history(
    app: &App,
    actor: &Actor,
    conversation: ConversationId,
    stretch: Stretch,
    limit: Limit,
) -> Result<StreamPage<Message>, Problem> {
    let mut conn = app.store.read().await?;
    let reached = access::conversation(&mut conn, actor, conversation).await?;
    let organization = actor.organization();
    let (items, has_more) = messages::stretch(&mut conn, organization, conversation, stretch, limit).await?;
    // A message may have been committed between the two reads: the answer must not end after `last_seq`.
    let last_seq = items.last().map_or(0, |message| message.seq).max(reached.conversation.last_seq);
    Ok(StreamPage { items, last_seq, has_more })
}

/// One message by its place, for the fan-out of a node that did not post it.
///
/// # Errors
/// `not_found`.
pub async fn one(
    app: &App,
    organization: OrganizationId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Message, Problem> {
    let mut conn = app.store.read().await?;
    let message = messages::find_by_seq(&mut conn, organization, conversation, seq).await?;
    message.ok_or_else(Problem::not_found)
}
