//! Giving an entry back: it waits again at its old place.

use uuid::Uuid;

use super::{changed, claim, handle::claim_lost};
use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        ids::{ConversationId, OrganizationId, ProjectId},
        message::AuthorKind,
        problem::Problem,
        queue::{LeaseToken, QueueReason},
    },
    store::{Change, StoreError, Tx, queue},
};

/// Gives a claim back.
///
/// # Errors
/// `not_found`, `forbidden`, `claim_lost` when the caller does not hold it by that token.
pub async fn release(app: &App, actor: &Actor, conversation: ConversationId, token: LeaseToken) -> Result<(), Problem> {
    app.store.commit(Release { actor: actor.clone(), conversation, token }).await
}

/// Ends every claim of somebody who is gone: without a socket for too long, or removed.
///
/// # Errors
/// The store cannot be written.
pub async fn release_all_of(
    app: &App,
    kind: AuthorKind,
    id: Uuid,
    organization: Option<OrganizationId>,
) -> Result<(), Problem> {
    // Most actors that disconnect hold nothing, and this change has a transaction of its own.
    if !queue::holds_any(&mut app.store.read().await?, kind, id, organization).await? {
        return Ok(());
    }
    app.store.commit(ReleaseAll { kind, id, organization }).await
}

/// As [`release_all_of`], within a transaction that takes somebody's access away.
///
/// # Errors
/// The store cannot be written.
pub async fn release_in(
    tx: &mut Tx,
    kind: AuthorKind,
    id: Uuid,
    organization: Option<OrganizationId>,
) -> Result<(), StoreError> {
    for mut entry in queue::held_by(&mut tx.conn, kind, id, organization).await? {
        entry.release();
        changed::save(tx, &entry, QueueReason::Released).await?;
    }
    Ok(())
}

/// Ends the claims of users who are not named in a restricted project, within the transaction that shuts them out.
///
/// # Errors
/// The store cannot be written.
pub async fn release_outsiders(
    tx: &mut Tx,
    organization: OrganizationId,
    project: ProjectId,
) -> Result<(), StoreError> {
    for mut entry in queue::held_by_outsiders(&mut tx.conn, organization, project).await? {
        entry.release();
        changed::save(tx, &entry, QueueReason::Released).await?;
    }
    Ok(())
}

struct Release {
    actor: Actor,
    conversation: ConversationId,
    token: LeaseToken,
}

impl Change for Release {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        access::conversation_to_work_on(&mut tx.conn, &self.actor, self.conversation).await?;
        let member = self.actor.member()?;
        let entry = queue::live(&mut tx.conn, member.organization, self.conversation).await?;
        let held = entry.filter(|entry| claim::holds(entry, member, &self.token, tx.now()));
        let mut entry = held.ok_or_else(claim_lost)?;
        entry.release();
        changed::save(tx, &entry, QueueReason::Released).await?;
        Ok(())
    }
}

struct ReleaseAll {
    kind: AuthorKind,
    id: Uuid,
    organization: Option<OrganizationId>,
}

impl Change for ReleaseAll {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        release_in(tx, self.kind, self.id, self.organization).await?;
        Ok(())
    }
}
