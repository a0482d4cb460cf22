//! Wrong passwords, written down.

use super::SignedIn;
use crate::{
    app::App,
    domain::{
        access::Whence,
        audit::{Act, Action, By},
        problem::Problem,
        user::User,
    },
    store::{Change, Tx, audit},
};

/// A password that was not right.
#[derive(Clone, Copy)]
pub(super) enum Failure<'a> {
    /// At the sign-in page: for a user, removed or not, or for an address that nobody has. What was typed then is not kept:
    /// it may be anything, a password in the wrong field included.
    SignIn(Option<&'a User>, Whence),
    /// By somebody who is signed in and wants another one.
    CurrentPassword(&'a SignedIn),
}

struct Record(Act);

/// Writes it down, or counts it where there are many (see [`Tally`](crate::app::limits::Tally)).
///
/// Nobody waits for it, so that the time of an answer does not tell whether there is such an account. For the same reason
/// those for unknown accounts have one allowance together, which strangers may use up, and each user has one of their own.
pub(super) fn record(app: &App, failure: Failure<'_>) {
    let (user, act) = match failure {
        Failure::SignIn(user, whence) => (user, Act::new(By::stranger(whence), Action::SignInFailed)),
        Failure::CurrentPassword(by) => (Some(&by.user), Act::new(by, Action::PasswordChangeFailed)),
    };
    let Some(untold) = app.limits.failures.tell(&user.map(|user| user.id)) else { return };
    let act = match user {
        Some(user) if user.removed_at.is_some() => act.on(user.id).fact("account", "removed"),
        Some(user) => act.on(user.id),
        None => act.fact("account", "unknown"),
    };
    let act = if untold > 0 { act.fact("failures_before", untold) } else { act };
    let store = app.store.clone();
    tokio::spawn(async move {
        if let Err(problem) = store.commit(Record(act)).await {
            tracing::error!(%problem, cause = problem.cause(), "a wrong password was not written down");
        }
    });
}

impl Change for Record {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        audit::record(tx, self.0.clone()).await?;
        Ok(())
    }
}
