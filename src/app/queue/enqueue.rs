//! A candidate's message enters the queue, in the transaction that posts it.

use crate::{
    app::queue::changed,
    domain::{
        conversation::ConversationStatus,
        event::Event,
        message::Message,
        queue::{Place, QueueEntry, QueueReason},
        text::preview,
    },
    store::{StoreError, Tx, conversations, conversations::Reached, queue},
};

/// Joins the conversation's entry or makes one; opens a conversation that was snoozed or closed.
///
/// # Errors
/// The store cannot be written.
pub async fn enqueue(tx: &mut Tx, reached: &mut Reached, message: &Message) -> Result<(), StoreError> {
    let conversation = &mut reached.conversation;
    if conversation.status != ConversationStatus::Open {
        conversations::set_status(&mut tx.conn, conversation, ConversationStatus::Open, None).await?;
        (conversation.status, conversation.snooze_until) = (ConversationStatus::Open, None);
        tx.announce(Event::ConversationUpdated {
            organization: conversation.organization,
            project: conversation.project,
            conversation: conversation.id,
        });
    }
    let preview = preview(&message.body);
    if let Some(mut entry) = queue::live(&mut tx.conn, conversation.organization, conversation.id).await? {
        entry.join(message.seq, preview);
        return changed::save(tx, &entry, QueueReason::Enqueued).await;
    }
    let place = Place {
        organization: conversation.organization,
        project: conversation.project,
        conversation: conversation.id,
        candidate: conversation.candidate.clone(),
        priority: conversation.priority,
        targets: reached.targets,
        now: tx.now(),
    };
    let entry = QueueEntry::first(tx.new_id(), place, message.seq, preview);
    let now = tx.now();
    queue::insert(&mut tx.conn, &entry, now).await?;
    changed::announce(tx, &entry, QueueReason::Enqueued).await
}
