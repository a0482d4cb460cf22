//! A user joins an organization.

use crate::{
    app::{
        App, access,
        users::{write_invitation, write_user},
    },
    domain::{
        access::Actor,
        audit::{Act, Action},
        ids::UserId,
        link::{Secret, SecretHash},
        problem::{Code, Problem},
        text::Name,
        user::{Email, Role, User},
    },
    store::{Change, Tx, audit, members, users},
};

/// Who is to join.
#[derive(Clone, Debug)]
pub struct AddMember {
    /// What they sign in with.
    pub email: Email,
    /// The name, for somebody who has no account yet.
    pub name: Name,
    /// What they may do.
    pub role: Role,
}

/// Who has joined.
#[derive(Debug)]
pub struct Added {
    /// The user.
    pub user: User,
    /// For somebody new: the secret of the one-time link by which they choose a password; good for seven days.
    pub invitation: Option<Secret>,
}

struct Add {
    actor: Actor,
    new: AddMember,
    secret: SecretHash,
}

/// Adds an existing user, or somebody new with an invitation. For owners.
///
/// # Errors
/// `forbidden` for others, `conflict` for a member or somebody whom the operator has removed.
pub async fn add(app: &App, actor: &Actor, new: AddMember) -> Result<Added, Problem> {
    let secret = app.clock.new_secret();
    let (user, is_new) = app.store.commit(Add { actor: actor.clone(), new, secret: secret.hash() }).await?;
    Ok(Added { user, invitation: is_new.then_some(secret) })
}

impl Change for Add {
    type Output = (User, bool);

    async fn apply(&self, tx: &mut Tx) -> Result<(User, bool), Problem> {
        let owner = access::member_with(&self.actor, Role::Owner)?;
        let (organization, now) = (owner.organization, tx.now());
        let act = Act::new(owner, Action::MemberAdded).within(organization).fact("role", self.new.role);
        let found = users::find_by_email(&mut tx.conn, &self.new.email).await?.map(|row| row.user());
        let Some(user) = found else {
            let user = write_user(tx, &self.new.email, &self.new.name, false, None).await?;
            members::insert(&mut tx.conn, organization, user.id, self.new.role, now).await?;
            write_invitation(tx, user.id, self.secret).await?;
            audit::record(tx, act.on(user.id).fact("account", "new")).await?;
            return Ok((user, true));
        };
        if user.removed_at.is_some() {
            return Err(Problem::new(Code::Conflict, "The operator has removed this user from the installation."));
        }
        if members::role(&mut tx.conn, organization, user.id).await?.is_some() {
            return Err(Problem::new(Code::Conflict, "This user is a member already."));
        }
        members::insert(&mut tx.conn, organization, user.id, self.new.role, now).await?;
        audit::record(tx, act.on(user.id)).await?;
        Ok((user, false))
    }
}

struct Invite {
    actor: Actor,
    user: UserId,
    secret: SecretHash,
}

/// Makes a new invitation for a member who has not chosen a password yet. For owners.
///
/// # Errors
/// `forbidden` for others, `not_found` for strangers, `conflict` for somebody who has a password or belongs to another
/// organization too: who invites them could sign in there.
pub async fn invite(app: &App, actor: &Actor, user: UserId) -> Result<Secret, Problem> {
    let secret = app.clock.new_secret();
    app.store.commit(Invite { actor: actor.clone(), user, secret: secret.hash() }).await?;
    Ok(secret)
}

impl Change for Invite {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let owner = access::member_with(&self.actor, Role::Owner)?;
        let organization = owner.organization;
        let role = members::role(&mut tx.conn, organization, self.user).await?;
        role.ok_or_else(Problem::not_found)?;
        let row = users::find(&mut tx.conn, self.user).await?.ok_or_else(Problem::not_found)?;
        let elsewhere = members::count_of(&mut tx.conn, self.user).await? > 1 || row.user().operator;
        if row.password_hash.is_some() || elsewhere {
            return Err(Problem::new(Code::Conflict, "Only the operator can make a new invitation for this user."));
        }
        write_invitation(tx, self.user, self.secret).await?;
        audit::record(tx, Act::new(owner, Action::UserInvited).within(organization).on(self.user)).await?;
        Ok(())
    }
}
