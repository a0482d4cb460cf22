//! What a conversation's own changes do to its entry, within their transaction.

use super::{changed::save, handle};
use crate::{
    domain::{
        conversation::Conversation,
        project::ProjectStatus,
        queue::{EntryState, Outcome, Priority, QueueEntry, QueueReason, ResponseTargets},
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

/// The entry waits again, at its old place; in a closed project it is paused.
pub(in crate::app) async fn wake(
    tx: &mut Tx,
    entry: Option<QueueEntry>,
    project: ProjectStatus,
) -> Result<(), StoreError> {
    match entry {
        Some(mut entry) if entry.state == EntryState::Snoozed => {
            entry.reopen(project);
            save(tx, &entry, reason_of(&entry)).await
        }
        _ => Ok(()),
    }
}

/// What is announced of an entry that stands so.
pub(super) const fn reason_of(entry: &QueueEntry) -> QueueReason {
    match entry.state {
        EntryState::Waiting => QueueReason::Enqueued,
        EntryState::Claimed => QueueReason::Claimed,
        EntryState::Snoozed => QueueReason::Snoozed,
        EntryState::Paused => QueueReason::Paused,
        EntryState::Ended => QueueReason::Resolved,
    }
}

/// The conversation is closed: everything in it is handled.
pub(in crate::app) async fn close(
    tx: &mut Tx,
    conversation: &Conversation,
    entry: Option<QueueEntry>,
) -> Result<(), StoreError> {
    match handle::up_to(tx, conversation, entry, i64::MAX).await? {
        Some(mut entry) => {
            entry.end(Outcome::Closed);
            save(tx, &entry, QueueReason::Resolved).await
        }
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
    save(tx, &entry, reason_of(&entry)).await?;
    Ok(Some(entry))
}
