//! What time does to the queue: leases run out, snoozed conversations come back. It is all in the store, so a restart in
//! between only makes it later.

use chrono::TimeDelta;

use super::{changed, snooze};
use crate::{
    app::App,
    domain::{
        conversation::ConversationStatus,
        event::Event,
        heartbeat,
        ids::{ConversationId, OrganizationId},
        problem::Problem,
        queue::QueueReason,
    },
    store::{Change, Tx, conversations, queue},
};

/// Does what is due now, at most a hundred of each; to be called about twice a second. Gives how many leases ran out.
///
/// # Errors
/// The store cannot be read or written.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    let now = app.clock.now();
    let (expired, awake) = {
        let mut conn = app.store.read().await?;
        (queue::any_expired(&mut conn, now).await?, conversations::awake_at(&mut conn, now).await?)
    };
    let count = if expired { app.store.commit(Expire).await? } else { 0 };
    app.metrics.queue_leases_expired.inc_by(count as u64);
    for (organization, conversation) in awake {
        app.store.commit(Wake { organization, conversation }).await?;
    }
    Ok(count)
}

/// Lets no lease run longer than one that were given now; to be called when a server starts. Those given by a clock that
/// was set back since would last until it is as late again. The example's are longer on purpose, until the next start.
///
/// # Errors
/// The store cannot be written.
pub async fn bound_leases(app: &App) -> Result<(), Problem> {
    let count = app.store.commit(Bound { lease: app.settings.lease }).await?;
    if count > 0 {
        tracing::info!(count, "claims that would last longer than the setting lease_seconds were shortened");
    }
    Ok(())
}

struct Bound {
    lease: TimeDelta,
}

impl Change for Bound {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        let latest = tx.now().plus(self.lease);
        Ok(queue::bound_leases(&mut tx.conn, latest).await?)
    }
}

struct Expire;

impl Change for Expire {
    type Output = usize;

    async fn apply(&self, tx: &mut Tx) -> Result<usize, Problem> {
        let now = tx.now();
        let expired = queue::expired(&mut tx.conn, now).await?;
        let count = expired.iter().filter(|entry| entry.organization != heartbeat::organization()).count();
        for mut entry in expired {
            entry.release();
            changed::save(tx, &entry, QueueReason::Expired).await?;
        }
        Ok(count)
    }
}

struct Wake {
    organization: OrganizationId,
    conversation: ConversationId,
}

impl Change for Wake {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let reached = conversations::reach_to_change(&mut tx.conn, self.organization, self.conversation, None).await?;
        let Some(reached) = reached else { return Ok(()) };
        let conversation = reached.conversation;
        let now = tx.now();
        // Somebody may have snoozed it anew in the meantime.
        if conversation.snooze_until.is_none_or(|until| until > now) {
            return Ok(());
        }
        conversations::set_status(&mut tx.conn, &conversation, ConversationStatus::Open, None).await?;
        let entry = queue::live(&mut tx.conn, self.organization, self.conversation).await?;
        snooze::wake(tx, entry, reached.project_status).await?;
        tx.announce(Event::ConversationUpdated {
            organization: self.organization,
            project: conversation.project,
            conversation: conversation.id,
        });
        Ok(())
    }
}
