//! Writing an entry and telling of it; the one way by which the queue changes.

use crate::{
    app::App,
    domain::{
        event::{Carried, Event, QueueSnapshot},
        ids::{OrganizationId, ProjectId, QueueEntryId},
        problem::Problem,
        project::ProjectStatus,
        queue::{EntryView, QueueEntry, QueueReason},
    },
    store::{StoreError, Tx, queue},
};

/// Writes a changed entry and announces it.
pub(in crate::app) async fn save(tx: &mut Tx, entry: &QueueEntry, reason: QueueReason) -> Result<(), StoreError> {
    let now = tx.now();
    queue::save(&mut tx.conn, entry, now).await?;
    announce(tx, entry, reason).await
}

/// A project was closed or opened: what waits in it is paused, or waits again at its old place. Each entry is announced.
pub(in crate::app) async fn follow_project(
    tx: &mut Tx,
    organization: OrganizationId,
    project: ProjectId,
    status: ProjectStatus,
) -> Result<(), StoreError> {
    let now = tx.now();
    let (entries, reason) = match status {
        ProjectStatus::Closed => (queue::pause_all(&mut tx.conn, project, now).await?, QueueReason::Paused),
        ProjectStatus::Open => (queue::resume_all(&mut tx.conn, project, now).await?, QueueReason::Enqueued),
    };
    for entry in entries {
        tx.announce(Event::QueueChanged { organization, project, entry, reason, snapshot: Carried::default() });
    }
    Ok(())
}

/// Announces an entry that was written.
pub(super) async fn announce(tx: &mut Tx, entry: &QueueEntry, reason: QueueReason) -> Result<(), StoreError> {
    let snapshot = if tx.is_only_writer() {
        let counts = queue::count_of_project(&mut tx.conn, entry.project).await?;
        Carried::new(QueueSnapshot { entry: EntryView::from(entry), counts })
    } else {
        Carried::default()
    };
    tx.announce(Event::QueueChanged {
        organization: entry.organization,
        project: entry.project,
        entry: entry.id,
        reason,
        snapshot,
    });
    Ok(())
}

/// An entry and its project's numbers as they are now, for the fan-out of a node that did not make the change.
///
/// # Errors
/// `not_found`.
pub async fn snapshot(app: &App, organization: OrganizationId, entry: QueueEntryId) -> Result<QueueSnapshot, Problem> {
    let mut conn = app.store.read().await?;
    let entry = queue::find(&mut conn, organization, entry).await?.ok_or_else(Problem::not_found)?;
    let counts = queue::count_of_project(&mut conn, entry.project).await?;
    Ok(QueueSnapshot { entry: EntryView::from(&entry), counts })
}
