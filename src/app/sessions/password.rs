//! Changing one's own password.

use super::{SignedIn, failed};
use crate::{
    app::{App, passwords},
    domain::{
        audit::{Act, Action, By},
        event::{Event, Kicked},
        ids::UserId,
        password::Password,
        problem::Problem,
        session::EndReason,
    },
    store::{Change, Tx, audit, sessions, users},
};

struct ChangePassword {
    user: UserId,
    /// What the current one was compared with.
    before: Option<String>,
    hash: String,
    by: By,
}

fn not_the_password() -> Problem {
    Problem::invalid("current", "This is not your current password.")
}

/// Chooses another password; every session of the user ends, this one too, and so do invitations to choose one.
///
/// # Errors
/// `invalid` on `current` when that is not the password; `rate_limited`.
pub async fn change_password(
    app: &App,
    signed_in: &SignedIn,
    address: std::net::IpAddr,
    current: &str,
    new: &Password,
) -> Result<(), Problem> {
    app.limits.sign_in(&signed_in.user.email, address)?;
    let before = {
        let mut conn = app.store.read().await?;
        users::find(&mut conn, signed_in.user.id).await?.and_then(|row| row.password_hash)
    };
    if !passwords::verify(current, before.clone()).await? {
        failed::record(app, failed::Failure::CurrentPassword(signed_in));
        return Err(not_the_password());
    }
    app.limits.signed_in(&signed_in.user.email, address);
    let hash = passwords::hash(new).await?;
    app.store.commit(ChangePassword { user: signed_in.user.id, before, hash, by: signed_in.into() }).await
}

impl Change for ChangePassword {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let user = users::find(&mut tx.conn, self.user).await?;
        user.filter(|row| row.password_hash == self.before).ok_or_else(not_the_password)?;
        users::set_password(&mut tx.conn, self.user, &self.hash).await?;
        users::drop_one_time_links(&mut tx.conn, Some(self.user)).await?;
        sessions::delete_of(&mut tx.conn, self.user).await?;
        tx.announce(Event::Kicked { who: Kicked::User(self.user, None), reason: EndReason::SignedOut });
        audit::record(tx, Act::new(self.by.clone(), Action::PasswordChanged).on(self.user)).await?;
        Ok(())
    }
}
