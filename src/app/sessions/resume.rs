//! Finding who a session is, at each request.

use chrono::TimeDelta;

use super::SignedIn;
use crate::{
    app::{App, actors, links},
    domain::{
        access::{CandidateActor, Member, Whence},
        ids::{OrganizationId, SessionId},
        link::Secret,
        problem::Problem,
        session::Session,
        time::Timestamp,
        user::User,
    },
    store::{Change, Tx, members, sessions, users},
};

/// How exactly the last use of a session or token is kept.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(1);

struct Touch(SessionId);

impl Change for Touch {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        Ok(sessions::touch(&mut tx.conn, self.0, now).await?)
    }
}

/// Who the secret of a session cookie is; `None` for nobody (any more).
///
/// # Errors
/// The store's. That the last use could not be kept is no error.
pub async fn resume(app: &App, secret: &Secret, whence: Whence) -> Result<Option<SignedIn>, Problem> {
    let now = app.clock.now();
    let signed_in = {
        let mut conn = app.store.read().await?;
        let Some(session) = sessions::find(&mut conn, secret.hash()).await?.filter(|s| is_good(app, s, now)) else {
            return Ok(None);
        };
        let user = users::find(&mut conn, session.user).await?.map(|row| row.user());
        let Some(user) = user.filter(|user| user.removed_at.is_none()) else { return Ok(None) };
        let memberships = members::of_user(&mut conn, user.id).await?;
        SignedIn { session, user, memberships, whence, now }
    };
    if now.since(signed_in.session.last_seen_at) >= SEEN_STEP
        && let Err(problem) = app.store.commit(Touch(signed_in.session.id)).await
    {
        tracing::warn!(%problem, "the last use of a session was not kept");
    }
    Ok(Some(signed_in))
}

pub(super) fn is_good(app: &App, session: &Session, now: Timestamp) -> bool {
    now.since(session.last_seen_at) < app.settings.session_idle
        && now.since(session.created_at) < app.settings.session_absolute
}

/// The member of one organization that a session cookie stands for.
///
/// # Errors
/// `unauthorized` for no session, `not_found` for a stranger there.
pub async fn member(
    app: &App,
    organization: OrganizationId,
    secret: &Secret,
    whence: Whence,
) -> Result<Member, Problem> {
    let signed_in = resume(app, secret, whence).await?.ok_or_else(Problem::unauthorized)?;
    let slug = signed_in.memberships.iter().find(|(of, _)| of.id == organization).map(|(of, _)| of.slug.clone());
    let slug = slug.ok_or_else(Problem::not_found)?;
    let (_, actor) = actors::member(&signed_in, slug.as_str())?;
    actor.member().cloned()
}

/// The user that a session cookie stands for.
///
/// # Errors
/// `unauthorized` for no session.
pub async fn user(app: &App, secret: &Secret, whence: Whence) -> Result<(User, SessionId), Problem> {
    let signed_in = resume(app, secret, whence).await?.ok_or_else(Problem::unauthorized)?;
    Ok((signed_in.user, signed_in.session.id))
}

/// Whether a session has neither ended nor run out. A live socket alone does not keep it from running out, but its
/// page does by what it asks for.
pub async fn still_good(app: &App, session: SessionId) -> bool {
    let look = async {
        let mut conn = app.store.read().await?;
        let found = sessions::find_by_id(&mut conn, session).await?;
        Ok::<_, Problem>(found.is_some_and(|session| is_good(app, &session, app.clock.now())))
    };
    // What cannot be looked at keeps standing: a hiccup of the store is no reason to end everybody.
    look.await.unwrap_or(true)
}

/// The candidate that a chat cookie stands for in one organization.
///
/// # Errors
/// `unauthorized` for none.
pub async fn candidate(app: &App, organization: OrganizationId, secret: &Secret) -> Result<CandidateActor, Problem> {
    Ok(links::candidate_by_session(app, secret, organization).await?)
}
