//! A member's role changes, or they leave.

use crate::{
    app::{App, access, members::lay_down_work},
    domain::{
        access::Actor,
        audit::{Act, Action},
        event::{Event, Kicked},
        ids::UserId,
        problem::{Code, Problem},
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

/// Gives a member another role; their sockets connect again with it. For owners.
///
/// # Errors
/// `forbidden` for others, `not_found`, `conflict` for the last owner.
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
        let owner = access::member_with(&self.actor, Role::Owner)?;
        let organization = owner.organization;
        let found = members::role(&mut tx.conn, organization, self.user).await?.ok_or_else(Problem::not_found)?;
        if self.role == Some(found) {
            return Ok(());
        }
        if found == Role::Owner && members::owners(&mut tx.conn, organization).await? <= 1 {
            return Err(Problem::new(Code::Conflict, "An organization needs an owner."));
        }
        let (reason, act) = match self.role {
            Some(role) => {
                members::set_role(&mut tx.conn, organization, self.user, role).await?;
                (EndReason::Expired, Act::new(owner, Action::MemberRoleChanged).change("role", found, role))
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
