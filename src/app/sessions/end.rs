//! Ending sessions: one's own, and by an operator.

use super::SignedIn;
use crate::{
    app::{App, passwords},
    domain::{
        access::Operator,
        event::{Event, Kicked},
        ids::{SessionId, UserId},
        problem::Problem,
        session::{EndReason, Session},
        text::Name,
        user::{Email, Password},
    },
    store::{Change, Tx, sessions, users},
};

struct End {
    session: SessionId,
    /// Whose it has to be.
    of: Option<UserId>,
    reason: EndReason,
}

impl Change for End {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let found = sessions::find_by_id(&mut tx.conn, self.session).await?.ok_or_else(Problem::not_found)?;
        if self.of.is_some_and(|user| user != found.user) {
            return Err(Problem::not_found());
        }
        sessions::delete(&mut tx.conn, self.session).await?;
        tx.announce(Event::Kicked { who: Kicked::Session(self.session), reason: self.reason });
        Ok(())
    }
}

/// Signs the browser out.
///
/// # Errors
/// `not_found` where it was signed out already.
pub async fn sign_out(app: &App, signed_in: &SignedIn) -> Result<(), Problem> {
    end(app, signed_in, signed_in.session.id).await
}

/// Ends one of one's own sessions.
///
/// # Errors
/// `not_found` for another's.
pub async fn end(app: &App, signed_in: &SignedIn, session: SessionId) -> Result<(), Problem> {
    app.store.commit(End { session, of: Some(signed_in.user.id), reason: EndReason::SignedOut }).await
}

/// Ends anybody's session.
///
/// # Errors
/// `not_found`.
pub async fn end_any(app: &App, _operator: Operator, session: SessionId) -> Result<(), Problem> {
    app.store.commit(End { session, of: None, reason: EndReason::Removed }).await
}

/// One's own sessions, last used first; some may have run out.
///
/// # Errors
/// The store's.
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<Session>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(sessions::of_user(&mut conn, signed_in.user.id).await?)
}

/// The 500 last used sessions of everybody.
///
/// # Errors
/// The store's.
pub async fn list_all(app: &App, _operator: Operator) -> Result<Vec<(Session, Name, Email)>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(sessions::all(&mut conn).await?)
}

struct ChangePassword {
    user: UserId,
    hash: String,
}

/// Chooses another password; every session of the user ends, this one too.
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
    let hash = {
        let mut conn = app.store.read().await?;
        users::find(&mut conn, signed_in.user.id).await?.and_then(|row| row.password_hash)
    };
    if !passwords::verify(current, hash).await? {
        return Err(Problem::invalid("current", "This is not your password."));
    }
    let hash = passwords::hash(new).await?;
    app.store.commit(ChangePassword { user: signed_in.user.id, hash }).await
}

impl Change for ChangePassword {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        users::set_password(&mut tx.conn, self.user, &self.hash).await?;
        sessions::delete_of(&mut tx.conn, self.user).await?;
        tx.announce(Event::Kicked { who: Kicked::User(self.user, None), reason: EndReason::SignedOut });
        Ok(())
    }
}
