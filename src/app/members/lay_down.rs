//! What somebody leaves behind who may no longer answer candidates.

use crate::{
    app::queue,
    domain::{
        ids::{Id, OrganizationId, UserId},
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
    queue::release_in(tx, AuthorKind::User, user.uuid(), organization).await?;
    conversations::unassign_all(&mut tx.conn, user, organization).await
}
