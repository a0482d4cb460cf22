//! A person who is signed in accepts an invitation.

use super::find_in;
use crate::{
    app::{App, sessions::SignedIn},
    domain::{
        audit::{Act, Action, By},
        ids::{SessionId, UserId},
        invitation::Invitation,
        link::{Secret, SecretHash},
        problem::{Code, Problem},
        user::User,
    },
    store::{Change, Tx, audit, invitations, members, sessions, users},
};

struct Accept {
    user: UserId,
    session: SessionId,
    secret: SecretHash,
    by: By,
}

/// Joins the organization of an invitation, which is used up.
///
/// # Errors
/// `not_found` for a link that is unknown, used or expired; `conflict` where it is for another address.
pub async fn accept(app: &App, signed_in: &SignedIn, secret: &Secret) -> Result<(), Problem> {
    let (user, session) = (signed_in.user.id, signed_in.session.id);
    app.store.commit(Accept { user, session, secret: secret.hash(), by: signed_in.into() }).await
}

impl Change for Accept {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let invitation = find_in(tx, self.secret).await?;
        let user = users::find(&mut tx.conn, self.user).await?.map(|row| row.user());
        let user = user.filter(|user| user.removed_at.is_none()).ok_or_else(Problem::unauthorized)?;
        if user.email != invitation.email {
            let message = format!("This invitation is for {}. You are signed in as {}.", invitation.email, user.email);
            return Err(Problem::new(Code::Conflict, message));
        }
        use_up(tx, self.secret).await?;
        // Who takes the account over meanwhile ends this session first.
        users::lock(&mut tx.conn, self.user).await?;
        sessions::find_by_id(&mut tx.conn, self.session).await?.ok_or_else(Problem::unauthorized)?;
        let act = Act::new(self.by.clone(), Action::MemberAdded);
        join(tx, &invitation, &user, act).await
    }
}

/// Of several who use one link at the same time, all but one are refused.
pub(super) async fn use_up(tx: &mut Tx, secret: SecretHash) -> Result<(), Problem> {
    if invitations::accept(&mut tx.conn, secret).await? { Ok(()) } else { Err(Problem::link_used()) }
}

/// Writes the membership, unless the operator has made it meanwhile.
pub(super) async fn join(tx: &mut Tx, invitation: &Invitation, user: &User, act: Act) -> Result<(), Problem> {
    let (organization, now) = (invitation.organization, tx.now());
    if members::role(&mut tx.conn, organization, user.id).await?.is_some() {
        return Ok(());
    }
    members::insert(&mut tx.conn, organization, user.id, invitation.role, now).await?;
    audit::record(tx, act.within(organization).on(user.id).fact("role", invitation.role)).await?;
    Ok(())
}
