//! A new user.

use chrono::TimeDelta;

use crate::{
    app::{App, passwords},
    domain::{
        access::Operator,
        audit::{Act, Action},
        ids::{OrganizationId, UserId},
        link::{Secret, SecretHash},
        password::Password,
        problem::{Code, Problem},
        text::Name,
        time::Timestamp,
        user::{Email, Role, User},
    },
    store::{Change, Tx, audit, invitations, members, organizations, users},
};

/// How long an invitation can be used.
pub(in crate::app) const INVITATION: TimeDelta = TimeDelta::days(7);

/// Who is to be created.
#[derive(Debug)]
pub struct NewUser {
    /// What they sign in with.
    pub email: Email,
    /// How others see them.
    pub name: Name,
    /// Whether they run the installation.
    pub operator: bool,
    /// The password; without one, an invitation is made.
    pub password: Option<Password>,
    /// Where they belong from the start.
    pub membership: Option<(OrganizationId, Role)>,
}

/// A user who was created.
#[derive(Debug)]
pub struct Created {
    /// The user.
    pub user: User,
    /// The secret of the one-time link by which they choose a password, where they have none; good for seven days.
    pub invitation: Option<Secret>,
}

struct Create {
    by: Operator,
    new: NewUser,
    hash: Option<String>,
    invitation: SecretHash,
}

/// Creates a user.
///
/// # Errors
/// `conflict` where the address is taken, `not_found` for an organization that is not there.
pub async fn create(app: &App, by: Operator, new: NewUser) -> Result<Created, Problem> {
    let hash = match &new.password {
        Some(password) => Some(passwords::hash(password).await?),
        None => None,
    };
    let invitation = app.clock.new_secret();
    let invited = hash.is_none();
    let user = app.store.commit(Create { by, new, hash, invitation: invitation.hash() }).await?;
    Ok(Created { user, invitation: invited.then_some(invitation) })
}

impl Change for Create {
    type Output = User;

    async fn apply(&self, tx: &mut Tx) -> Result<User, Problem> {
        let new = &self.new;
        // An account that only another organization's link has made is no proof of the address.
        let takes_address = |user: &User| user.confirmed_at.is_some() || user.operator || user.removed_at.is_some();
        if users::of_email(&mut tx.conn, &new.email).await?.iter().any(|row| takes_address(&row.user())) {
            let taken = Problem::new(Code::Conflict, "There is a user with this address already.");
            return Err(Problem { field: Some("email".into()), ..taken });
        }
        if let Some((organization, _)) = new.membership {
            organizations::find_of_people(&mut tx.conn, organization).await?.ok_or_else(Problem::not_found)?;
        }
        let now = tx.now();
        // The operator vouches for who gets the password; a link does it when it is used.
        let confirmed_at = self.hash.is_some().then_some(now);
        let user = write_user(tx, &new.email, &new.name, new.operator, confirmed_at, self.hash.as_deref()).await?;
        if let Some((organization, role)) = new.membership {
            invitations::delete(&mut tx.conn, organization, &new.email).await?;
            members::insert(&mut tx.conn, organization, user.id, role, now).await?;
        }
        if self.hash.is_none() {
            write_invitation(tx, user.id, self.invitation).await?;
        }
        let act = Act::new(self.by, Action::UserCreated).on(user.id).fact("operator", new.operator);
        let act = match new.membership {
            Some((organization, role)) => act.within(organization).fact("role", role),
            None => act,
        };
        audit::record(tx, act.fact("invited", self.hash.is_none())).await?;
        Ok(user)
    }
}

/// Writes a user within a change.
pub(in crate::app) async fn write_user(
    tx: &mut Tx,
    email: &Email,
    name: &Name,
    operator: bool,
    confirmed_at: Option<Timestamp>,
    hash: Option<&str>,
) -> Result<User, Problem> {
    let user = User {
        id: tx.new_id(),
        email: email.clone(),
        name: name.clone(),
        operator,
        confirmed_at,
        removed_at: None,
        created_at: tx.now(),
    };
    users::insert(&mut tx.conn, &user, hash).await?;
    Ok(user)
}

/// Writes the one-time link by which a user chooses a password; earlier ones end.
pub(in crate::app) async fn write_invitation(tx: &mut Tx, user: UserId, secret: SecretHash) -> Result<(), Problem> {
    let (id, now) = (tx.new_id(), tx.now());
    users::drop_one_time_links(&mut tx.conn, Some(user)).await?;
    Ok(users::insert_one_time_link(&mut tx.conn, id, secret, Some(user), now, now.plus(INVITATION)).await?)
}
