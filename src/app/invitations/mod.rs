//! Invitations: how people join an organization.
//!
//! An owner knows an address and no more. So the answer to the owner never tells whether there is an account, and nobody is
//! a member before the person with the link accepts: signed in, or with a new password. A password that was chosen by an
//! owner's link proves nothing to another organization, so that it neither lets its holder in there nor is replaced from
//! there: the person with the other organization's link gets an account of their own under the same address.

mod accept;
mod choose;
mod manage;

pub use self::{
    accept::accept,
    choose::choose_password,
    manage::{NewInvitation, create, list, renew, withdraw},
};
use crate::{
    app::App,
    domain::{
        invitation::Invitation,
        link::{Secret, SecretHash},
        organization::Organization,
        password::OwnWords,
        problem::{Code, Problem},
    },
    store::{Tx, invitations, organizations, users, users::UserRow},
};

/// What the person with an invitation's link can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// Choose a password: nobody has one for the address.
    ChoosePassword,
    /// Sign in, or choose a password for this organization: an account has one that no operator vouches for.
    Either,
    /// Sign in: there is a confirmed account.
    SignIn,
}

/// An invitation as the person with its link sees it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The invitation.
    pub invitation: Invitation,
    /// The organization to join.
    pub organization: Organization,
    /// What can be done.
    pub joining: Joining,
}

impl Offer {
    /// The words that a password must not contain.
    #[must_use]
    pub fn own_words(&self) -> OwnWords {
        OwnWords::of(&self.invitation.name, &self.invitation.email).and(&self.organization.name)
    }
}

/// What an invitation's link offers; changes nothing.
///
/// # Errors
/// `not_found` for a link that is unknown, used or expired; `conflict` where the operator has removed the account.
pub async fn look(app: &App, secret: &Secret) -> Result<Offer, Problem> {
    let mut conn = app.store.read().await?;
    let found = invitations::find_by_secret(&mut conn, secret.hash(), app.clock.now()).await?;
    let invitation = found.ok_or_else(Problem::link_used)?;
    let organization = organizations::find(&mut conn, invitation.organization).await?.filter(is_open);
    let organization = organization.ok_or_else(Problem::link_used)?;
    let joining = joining(&users::of_email(&mut conn, &invitation.email).await?)?;
    Ok(Offer { invitation, organization, joining })
}

const fn is_open(organization: &Organization) -> bool {
    organization.suspended_at.is_none()
}

/// What can be done where these are the accounts of the address.
fn joining(accounts: &[UserRow]) -> Result<Joining, Problem> {
    if accounts.iter().any(|account| account.user().removed_at.is_some()) {
        return Err(Problem::new(
            Code::Conflict,
            "The operator of this installation has removed the account with this address. Ask the operator to restore it.",
        ));
    }
    Ok(if accounts.iter().any(|account| account.user().confirmed_at.is_some()) {
        Joining::SignIn
    } else if accounts.iter().any(|account| account.password_hash.is_some()) {
        Joining::Either
    } else {
        Joining::ChoosePassword
    })
}

/// The invitation of a secret within a change, with the organization's name.
async fn find_in(tx: &mut Tx, secret: SecretHash) -> Result<Invitation, Problem> {
    let now = tx.now();
    let found = invitations::find_by_secret(&mut tx.conn, secret, now).await?.ok_or_else(Problem::link_used)?;
    organizations::find(&mut tx.conn, found.organization).await?.filter(is_open).ok_or_else(Problem::link_used)?;
    Ok(found)
}
