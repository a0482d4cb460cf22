//! What a conversation's own changes do to its entry, within their transaction.

use super::{changed::save, handle};
use crate::{
    domain::{
        conversation::Conversation,
        queue::{EntryState, Priority, QueueEntry, QueueReason, ResponseTargets},
    },
    store::{StoreError, Tx},
};

/// Sets the entry aside.
pub(in crate::app) async fn set_aside(tx: &mut Tx, entry: Option<QueueEntry>) -> Result<(), StoreError> {
    match entry {
        Some(mut entry) if entry.state != EntryState::Snoozed => {
            entry.snooze();
            save(tx, &entry, QueueReason::Snoozed).await
        }
        _ => Ok(()),
    }
}

/// The entry waits again, at its old place.
pub(in crate::app) async fn wake(tx: &mut Tx, entry: Option<QueueEntry>) -> Result<(), StoreError> {
    match entry {
        Some(mut entry) if entry.state == EntryState::Snoozed => {
            entry.release();
            save(tx, &entry, QueueReason::Enqueued).await
        }
        _ => Ok(()),
    }
}

/// The conversation is closed: everything in it is handled.
pub(in crate::app) async fn close(
    tx: &mut Tx,
    conversation: &Conversation,
    entry: Option<QueueEntry>,
) -> Result<(), StoreError> {
    match handle::up_to(tx, conversation, entry, i64::MAX).await? {
        Some(entry) => save(tx, &entry, QueueReason::Resolved).await,
        None => Ok(()),
    }
}

/// Another priority moves the entry; gives it as it is then.
pub(in crate::app) async fn reprioritize(
    tx: &mut Tx,
    entry: Option<QueueEntry>,
    priority: Priority,
    targets: &ResponseTargets,
) -> Result<Option<QueueEntry>, StoreError> {
    let Some(mut entry) = entry else { return Ok(None) };
    entry.reprioritize(priority, targets);
    let reason = match entry.state {
        EntryState::Claimed => QueueReason::Claimed,
        EntryState::Snoozed => QueueReason::Snoozed,
        EntryState::Waiting | EntryState::Ended => QueueReason::Enqueued,
    };
    save(tx, &entry, reason).await?;
    Ok(Some(entry))
}
