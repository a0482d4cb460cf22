//! Who may change the members of an organization, and which owner has to stay.

use crate::{
    app::access,
    domain::{
        access::{Actor, Member},
        ids::{OrganizationId, UserId},
        problem::{Code, Problem},
        user::Role,
    },
    store::{Tx, members, organizations},
};

/// The owner behind an actor, for a change of who belongs to the organization.
///
/// Such changes of one organization happen one after the other on all servers, and an owner whose role has been lowered by
/// the one before changes nothing.
///
/// # Errors
/// `forbidden` for everyone who is not an owner now.
pub(in crate::app) async fn owner_for_change<'a>(tx: &mut Tx, actor: &'a Actor) -> Result<&'a Member, Problem> {
    let owner = access::member_with(actor, Role::Owner)?;
    let user = owner.user().ok_or_else(Problem::forbidden)?;
    organizations::lock(&mut tx.conn, owner.organization).await?;
    let now = members::role(&mut tx.conn, owner.organization, user).await?;
    if now == Some(Role::Owner) { Ok(owner) } else { Err(Problem::forbidden()) }
}

/// Checks that an organization still has an owner who can sign in when `user` is none any more. The organization has to be
/// locked.
///
/// # Errors
/// `conflict` when no other owner has a password.
pub(in crate::app) async fn require_other_owner(
    tx: &mut Tx,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), Problem> {
    if members::other_owners(&mut tx.conn, organization, user).await? > 0 {
        return Ok(());
    }
    Err(Problem::new(
        Code::Conflict,
        "An organization needs an owner who can sign in. Make another person an owner first.",
    ))
}
