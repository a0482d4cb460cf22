//! A candidate asks for a new chat link: somebody has to make one, so it waits in the queue like a message.

use super::{changed, snooze::reason_of};
use crate::{
    domain::{
        conversation::ConversationStatus,
        event::Event,
        ids::{ConversationId, OrganizationId},
        problem::Problem,
        queue::{EntryState, Outcome, Place, QueueEntry, QueueReason},
    },
    store::{StoreError, Tx, conversations, queue},
};

/// The conversation waits, at the place that it has already or at a new one. As a message would, this opens a snoozed or
/// closed conversation; in a closed project the entry is paused.
pub(in crate::app) async fn ask_for_link(
    tx: &mut Tx,
    organization: OrganizationId,
    id: ConversationId,
) -> Result<(), Problem> {
    let reached = conversations::reach_to_change(&mut tx.conn, organization, id, None).await?;
    let reached = reached.ok_or_else(Problem::not_found)?;
    let conversation = &reached.conversation;
    if conversation.status != ConversationStatus::Open {
        conversations::open_again(&mut tx.conn, organization, id).await?;
        let project = conversation.project;
        tx.announce(Event::ConversationUpdated { organization, project, conversation: id });
    }
    if let Some(mut entry) = queue::live(&mut tx.conn, organization, id).await? {
        entry.asks_for_link = true;
        if entry.state == EntryState::Snoozed {
            entry.reopen(reached.project_status);
        }
        // As for a message that joins: a claimed entry stays claimed, and who looks is told that there is more.
        let reason = if entry.state == EntryState::Paused { QueueReason::Paused } else { QueueReason::Enqueued };
        return Ok(changed::save(tx, &entry, reason).await?);
    }
    let now = tx.now();
    let place = Place {
        organization,
        project: conversation.project,
        conversation: id,
        candidate: conversation.candidate.clone(),
        priority: conversation.priority,
        targets: reached.targets,
        now,
    };
    let mut entry = QueueEntry::asking_for_link(tx.new_id(), place, conversation.last_seq);
    entry.reopen(reached.project_status);
    queue::insert(&mut tx.conn, &entry, now).await?;
    Ok(changed::announce(tx, &entry, reason_of(&entry)).await?)
}

/// A link was made: what the candidate asked for is done. Their messages stay unhandled.
pub(in crate::app) async fn link_made(
    tx: &mut Tx,
    organization: OrganizationId,
    id: ConversationId,
) -> Result<(), StoreError> {
    conversations::reach_to_change(&mut tx.conn, organization, id, None).await?;
    let asking = queue::live(&mut tx.conn, organization, id).await?.filter(|entry| entry.asks_for_link);
    let Some(mut entry) = asking else { return Ok(()) };
    entry.asks_for_link = false;
    if entry.unread == 0 {
        entry.end(Outcome::LinkMade);
    }
    changed::save(tx, &entry, QueueReason::Resolved).await
}
