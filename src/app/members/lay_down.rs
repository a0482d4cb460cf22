//! What somebody leaves behind who may no longer answer candidates.

use crate::{
    app::queue,
    domain::{
        event::Event,
        ids::{Id, OrganizationId, ProjectId, UserId},
        message::AuthorKind,
    },
    store::{StoreError, Tx, conversations},
};

/// Gives a user's claims back to the queue and takes them off what they took care of, so that nothing waits for
/// somebody who will not come; in one organization or everywhere.
pub(in crate::app) async fn lay_down_work(
    tx: &mut Tx,
    user: UserId,
    organization: Option<OrganizationId>,
) -> Result<(), StoreError> {
    conversations::lock_of_user(&mut tx.conn, user, organization).await?;
    queue::release_in(tx, AuthorKind::User, user.uuid(), organization).await?;
    for (organization, project, conversation) in conversations::unassign_all(&mut tx.conn, user, organization).await? {
        tx.announce(Event::ConversationUpdated { organization, project, conversation });
    }
    Ok(())
}

/// Gives the claims of those who are not named in a restricted project back to the queue, and takes them off what they
/// took care of there, so that no entry is kept for a person who no longer sees it.
pub(in crate::app) async fn take_from_outsiders(
    tx: &mut Tx,
    organization: OrganizationId,
    project: ProjectId,
) -> Result<(), StoreError> {
    queue::release_outsiders(tx, organization, project).await?;
    for conversation in conversations::unassign_outsiders(&mut tx.conn, organization, project).await? {
        tx.announce(Event::ConversationUpdated { organization, project, conversation });
    }
    Ok(())
}
