//! Ending sessions: one's own, and by an operator.

use super::{SignedIn, resume::is_good};
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

/// One's own sessions that have not run out, last used first.
///
/// # Errors
/// The store's.
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<Session>, Problem> {
    let mut conn = app.store.read().await?;
    let mut all = sessions::of_user(&mut conn, signed_in.user.id).await?;
    let now = app.clock.now();
    all.retain(|session| is_good(app, session, now));
    Ok(all)
}

/// The 500 last used sessions of everybody.
///
/// # Errors
/// The store's.
pub async fn list_all(app: &App, _operator: Operator) -> Result<Vec<(Session, Name, Email)>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(sessions::all(&mut conn).await?)
}

/// Ends all of one's own sessions but the one that asks.
///
/// # Errors
/// The store's.
pub async fn end_others(app: &App, signed_in: &SignedIn) -> Result<(), Problem> {
    app.store.commit(EndOthers { user: signed_in.user.id, keep: signed_in.session.id }).await
}

struct EndOthers {
    user: UserId,
    keep: SessionId,
}

impl Change for EndOthers {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        for session in sessions::of_user(&mut tx.conn, self.user).await? {
            if session.id != self.keep {
                sessions::delete(&mut tx.conn, session.id).await?;
                tx.announce(Event::Kicked { who: Kicked::Session(session.id), reason: EndReason::SignedOut });
            }
        }
        Ok(())
    }
}

struct ChangePassword {
    user: UserId,
    /// What the current one was compared with.
    before: Option<String>,
    hash: String,
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
        return Err(not_the_password());
    }
    app.limits.signed_in(&signed_in.user.email, address);
    let hash = passwords::hash(new).await?;
    app.store.commit(ChangePassword { user: signed_in.user.id, before, hash }).await
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
        Ok(())
    }
}
