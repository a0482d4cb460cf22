//! Removing a user, and letting one in again.

use super::create::write_invitation;
use crate::{
    app::{
        App,
        members::{lay_down_work, require_other_owner},
    },
    domain::{
        access::Operator,
        audit::{Act, Action},
        event::{Event, Kicked},
        ids::UserId,
        link::{Secret, SecretHash},
        organization::Organization,
        problem::{Code, Problem},
        session::EndReason,
        user::Role,
    },
    store::{Change, Tx, audit, members, organizations, sessions, users},
};

struct Remove {
    user: UserId,
    by: Operator,
}

/// Keeps a user from signing in, at once; what they wrote stays.
///
/// # Errors
/// `not_found`, `conflict` for oneself, for the last operator and for the last owner of an organization who has a password.
pub async fn remove(app: &App, operator: Operator, user: UserId) -> Result<(), Problem> {
    app.store.commit(Remove { user, by: operator }).await
}

impl Change for Remove {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let row = users::find(&mut tx.conn, self.user).await?.ok_or_else(Problem::not_found)?;
        let found = row.user();
        if found.removed_at.is_some() {
            return Ok(());
        }
        if self.by.user() == Some(self.user) {
            return Err(Problem::new(Code::Conflict, "You cannot remove yourself."));
        }
        if found.operator && users::operators(&mut tx.conn).await? <= 1 {
            return Err(Problem::new(Code::Conflict, "The last operator cannot be removed."));
        }
        if row.password_hash.is_some() {
            for (organization, _) in owned(tx, self.user).await? {
                organizations::lock(&mut tx.conn, organization.id).await?;
                require_other_owner(tx, organization.id, self.user).await?;
            }
        }
        let now = tx.now();
        users::set_removed(&mut tx.conn, self.user, Some(now)).await?;
        users::drop_one_time_links(&mut tx.conn, Some(self.user)).await?;
        lay_down_work(tx, self.user, None).await?;
        sessions::delete_of(&mut tx.conn, self.user).await?;
        tx.announce(Event::Kicked { who: Kicked::User(self.user, None), reason: EndReason::Removed });
        audit::record(tx, Act::new(self.by, Action::UserRemoved).on(self.user)).await?;
        Ok(())
    }
}

/// The organizations of which a user is an owner.
async fn owned(tx: &mut Tx, user: UserId) -> Result<Vec<(Organization, Role)>, Problem> {
    let mut all = members::of_user(&mut tx.conn, user).await?;
    all.retain(|(_, role)| *role == Role::Owner);
    Ok(all)
}

struct Restore {
    user: UserId,
    by: Operator,
}

/// Lets a removed user sign in again, with the same password and memberships.
///
/// # Errors
/// `not_found`.
pub async fn restore(app: &App, operator: Operator, user: UserId) -> Result<(), Problem> {
    app.store.commit(Restore { user, by: operator }).await
}

impl Change for Restore {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let found = users::find(&mut tx.conn, self.user).await?.ok_or_else(Problem::not_found)?.user();
        if found.removed_at.is_none() {
            return Ok(());
        }
        users::set_removed(&mut tx.conn, self.user, None).await?;
        audit::record(tx, Act::new(self.by, Action::UserRestored).on(self.user)).await?;
        Ok(())
    }
}

struct Invite {
    by: Operator,
    user: UserId,
    secret: SecretHash,
}

/// Makes a new one-time link by which a user chooses a password, forgotten ones included; good for seven days.
///
/// # Errors
/// `not_found`, also for a removed user.
pub async fn invite(app: &App, operator: Operator, user: UserId) -> Result<Secret, Problem> {
    let secret = app.clock.new_secret();
    app.store.commit(Invite { by: operator, user, secret: secret.hash() }).await?;
    Ok(secret)
}

impl Change for Invite {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let found = users::find(&mut tx.conn, self.user).await?.ok_or_else(Problem::not_found)?.user();
        if found.removed_at.is_some() {
            return Err(Problem::not_found());
        }
        write_invitation(tx, self.user, self.secret).await?;
        audit::record(tx, Act::new(self.by, Action::UserInvited).on(self.user)).await?;
        Ok(())
    }
}
