//! What an owner does with invitations.

use crate::{
    app::{App, access, members::owner_for_change, users::INVITATION},
    domain::{
        access::Actor,
        audit::{Act, Action},
        ids::InvitationId,
        invitation::Invitation,
        link::{Secret, SecretHash},
        problem::{Code, Problem},
        text::Name,
        user::{Email, Role},
    },
    store::{Change, Tx, audit, invitations, members},
};

/// Who is invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// The address.
    pub email: Email,
    /// The name, for a person who has no account yet.
    pub name: Name,
    /// The role from the acceptance on.
    pub role: Role,
}

struct Create {
    actor: Actor,
    new: NewInvitation,
    secret: SecretHash,
}

/// Invites a person; the secret is for a link that can be used once, within seven days. An earlier invitation of the address
/// is replaced. Says nothing about whether there is an account. For owners.
///
/// # Errors
/// `forbidden` for others, `conflict` for the address of a member.
pub async fn create(app: &App, actor: &Actor, new: NewInvitation) -> Result<Secret, Problem> {
    let secret = app.clock.new_secret();
    app.store.commit(Create { actor: actor.clone(), new, secret: secret.hash() }).await?;
    Ok(secret)
}

impl Change for Create {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let owner = owner_for_change(tx, &self.actor).await?;
        let (organization, now) = (owner.organization, tx.now());
        let NewInvitation { email, name, role } = self.new.clone();
        if members::has_address(&mut tx.conn, organization, &email).await? {
            return Err(Problem::new(Code::Conflict, "This person is already a member."));
        }
        let before = invitations::find_by_email(&mut tx.conn, organization, &email).await?;
        let action = if before.is_some() { Action::InvitationRenewed } else { Action::InvitationCreated };
        let id = before.map_or_else(|| tx.new_id(), |before| before.id);
        let invitation = Invitation { id, organization, email, name, role, expires_at: now.plus(INVITATION) };
        invitations::put(&mut tx.conn, &invitation, self.secret, now).await?;
        audit::record(tx, Act::new(owner, action).within(organization).on(&invitation).fact("role", role)).await?;
        Ok(())
    }
}

/// The invitations that wait to be accepted, expired ones too, by name. For owners.
///
/// # Errors
/// `forbidden` for others.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Invitation>, Problem> {
    let owner = access::member_with(actor, Role::Owner)?;
    let mut conn = app.store.read().await?;
    Ok(invitations::list(&mut conn, owner.organization).await?)
}

struct Renew {
    actor: Actor,
    id: InvitationId,
    secret: SecretHash,
}

/// Makes a new link for an invitation, good for seven days; the earlier one ends. For owners.
///
/// # Errors
/// `forbidden` for others, `not_found` for another organization's and one that was accepted.
pub async fn renew(app: &App, actor: &Actor, id: InvitationId) -> Result<(Invitation, Secret), Problem> {
    let secret = app.clock.new_secret();
    let invitation = app.store.commit(Renew { actor: actor.clone(), id, secret: secret.hash() }).await?;
    Ok((invitation, secret))
}

impl Change for Renew {
    type Output = Invitation;

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Invitation, Problem> {
        let owner = owner_for_change(tx, &self.actor).await?;
        let (organization, now) = (owner.organization, tx.now());
        let found = invitations::find(&mut tx.conn, organization, self.id).await?.ok_or_else(Problem::not_found)?;
        let invitation = Invitation { expires_at: now.plus(INVITATION), ..found };
        invitations::put(&mut tx.conn, &invitation, self.secret, now).await?;
        let act = Act::new(owner, Action::InvitationRenewed).within(organization).on(&invitation);
        audit::record(tx, act.fact("role", invitation.role)).await?;
        Ok(invitation)
    }
}

struct Withdraw {
    actor: Actor,
    id: InvitationId,
}

/// Takes an invitation back; its link ends. For owners.
///
/// # Errors
/// As [`renew`].
pub async fn withdraw(app: &App, actor: &Actor, id: InvitationId) -> Result<(), Problem> {
    app.store.commit(Withdraw { actor: actor.clone(), id }).await
}

impl Change for Withdraw {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let owner = owner_for_change(tx, &self.actor).await?;
        let organization = owner.organization;
        let found = invitations::find(&mut tx.conn, organization, self.id).await?.ok_or_else(Problem::not_found)?;
        invitations::delete(&mut tx.conn, organization, &found.email).await?;
        audit::record(tx, Act::new(owner, Action::InvitationWithdrawn).within(organization).on(&found)).await?;
        Ok(())
    }
}
