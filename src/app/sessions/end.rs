//! Ending sessions: one's own, and by an operator.

use super::{SignedIn, resume::is_good};
use crate::{
    app::App,
    domain::{
        access::Operator,
        audit::{Act, Action, By},
        event::{Event, Kicked},
        ids::{SessionId, UserId},
        problem::Problem,
        session::{EndReason, Session},
        text::Name,
        user::Email,
    },
    store::{Change, Tx, audit, sessions},
};

struct End {
    session: SessionId,
    /// Whose it has to be.
    of: Option<UserId>,
    reason: EndReason,
    by: By,
    action: Action,
}

impl Change for End {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let found = sessions::find_by_id(&mut tx.conn, self.session).await?.ok_or_else(Problem::not_found)?;
        if self.of.is_some_and(|user| user != found.user) {
            return Err(Problem::not_found());
        }
        end_in(tx, &found, self.reason, Act::new(self.by.clone(), self.action)).await
    }
}

/// Ends a session within a change.
async fn end_in(tx: &mut Tx, session: &Session, reason: EndReason, act: Act) -> Result<(), Problem> {
    sessions::delete(&mut tx.conn, session.id).await?;
    tx.announce(Event::Kicked { who: Kicked::Session(session.id), reason });
    audit::record(tx, act.on(session.user).fact("session", session.id)).await?;
    Ok(())
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
    let action = if session == signed_in.session.id { Action::SignedOut } else { Action::SessionEnded };
    let (of, by) = (Some(signed_in.user.id), signed_in.into());
    app.store.commit(End { session, of, reason: EndReason::SignedOut, by, action }).await
}

/// Ends anybody's session.
///
/// # Errors
/// `not_found`.
pub async fn end_any(app: &App, operator: Operator, session: SessionId) -> Result<(), Problem> {
    let (by, action) = (operator.into(), Action::SessionEnded);
    app.store.commit(End { session, of: None, reason: EndReason::Removed, by, action }).await
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
    app.store.commit(EndOthers { user: signed_in.user.id, keep: signed_in.session.id, by: signed_in.into() }).await
}

struct EndOthers {
    user: UserId,
    keep: SessionId,
    by: By,
}

impl Change for EndOthers {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        for session in sessions::of_user(&mut tx.conn, self.user).await? {
            if session.id != self.keep {
                let act = Act::new(self.by.clone(), Action::SessionEnded);
                end_in(tx, &session, EndReason::SignedOut, act).await?;
            }
        }
        Ok(())
    }
}
