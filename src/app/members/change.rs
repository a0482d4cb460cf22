//! A member's role changes, or they leave.

use crate::{
    app::{
        App,
        members::{lay_down_work, owner_for_change, require_other_owner},
    },
    domain::{
        access::Actor,
        audit::{Act, Action},
        event::{Event, Kicked},
        ids::UserId,
        problem::Problem,
        session::EndReason,
        user::Role,
    },
    store::{Change, Tx, audit, members},
};

struct ChangeMember {
    actor: Actor,
    user: UserId,
    /// `None`: they leave.
    role: Option<Role>,
}

/// Gives a member another role. Their sockets end: as removed where the role is a lower one, else to connect again. For
/// owners.
///
/// # Errors
/// `forbidden` for others, `not_found`, `conflict` for the last owner who has a password.
pub async fn set_role(app: &App, actor: &Actor, user: UserId, role: Role) -> Result<(), Problem> {
    app.store.commit(ChangeMember { actor: actor.clone(), user, role: Some(role) }).await
}

/// Takes a member out of the organization, at once; what they wrote stays. For owners.
///
/// # Errors
/// As [`set_role`].
pub async fn remove(app: &App, actor: &Actor, user: UserId) -> Result<(), Problem> {
    app.store.commit(ChangeMember { actor: actor.clone(), user, role: None }).await
}

impl Change for ChangeMember {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let owner = owner_for_change(tx, &self.actor).await?;
        let organization = owner.organization;
        let found = members::role(&mut tx.conn, organization, self.user).await?.ok_or_else(Problem::not_found)?;
        if self.role == Some(found) {
            return Ok(());
        }
        if found == Role::Owner {
            require_other_owner(tx, organization, self.user).await?;
        }
        let (reason, act) = match self.role {
            Some(role) => {
                members::set_role(&mut tx.conn, organization, self.user, role).await?;
                // What the greater role has shown is over at once; a lesser one only has to connect again.
                let reason = if role < found { EndReason::Removed } else { EndReason::Expired };
                (reason, Act::new(owner, Action::MemberRoleChanged).change("role", found, role))
            }
            None => {
                members::delete(&mut tx.conn, organization, self.user).await?;
                (EndReason::Removed, Act::new(owner, Action::MemberRemoved).fact("role", found))
            }
        };
        if self.role.is_none_or(|role| role < Role::Recruiter) {
            lay_down_work(tx, self.user, Some(organization)).await?;
        }
        tx.announce(Event::Kicked { who: Kicked::User(self.user, Some(organization)), reason });
        audit::record(tx, act.within(organization).on(self.user)).await?;
        Ok(())
    }
}
