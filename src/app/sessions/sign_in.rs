//! Signing in.

use std::net::IpAddr;

use super::failed::{self, Failure};
use crate::{
    app::{App, passwords},
    domain::{
        access::Whence,
        audit::{Act, Action, By},
        ids::UserId,
        link::{Secret, SecretHash},
        problem::{Code, Problem},
        session::Session,
        user::{Email, User},
    },
    store::{Change, Tx, audit, sessions, users},
};

/// Somebody at the sign-in page.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The address as typed.
    pub email: &'a str,
    /// The password as typed.
    pub password: &'a str,
    /// Where they come from.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: &'a str,
}

struct Begin {
    user: UserId,
    /// What the password was compared with.
    hash: Option<String>,
    secret: SecretHash,
    user_agent: String,
    idle_since: chrono::TimeDelta,
    begun_since: chrono::TimeDelta,
    by: By,
    /// Wrong passwords that were counted and not written down.
    untold: usize,
}

/// Signs somebody in; the secret is for the cookie.
///
/// # Errors
/// `unauthorized` with the same words, in the same time, for an unknown account and a wrong password; `rate_limited`.
pub async fn sign_in(app: &App, attempt: Attempt<'_>) -> Result<Secret, Problem> {
    let email = Email::parse("email", attempt.email).map_err(|_| wrong())?;
    app.limits.sign_in(&email, attempt.address)?;
    let accounts = {
        let mut conn = app.store.read().await?;
        users::of_email(&mut conn, &email).await?
    };
    let whence = Whence::Address(attempt.address);
    let Some((user, hash)) = find_account(&accounts, attempt.password).await? else {
        let account = accounts.first().map(users::UserRow::user);
        failed::record(app, Failure::SignIn(account.as_ref(), whence));
        return Err(wrong());
    };
    app.limits.signed_in(&email, attempt.address);
    let secret = app.clock.new_secret();
    let begin = Begin {
        user: user.id,
        hash,
        secret: secret.hash(),
        user_agent: attempt.user_agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        idle_since: app.settings.session_idle,
        begun_since: app.settings.session_absolute,
        by: By::user(&user, whence),
        untold: app.limits.failures.settle(&Some(user.id)),
    };
    app.store.commit(begin).await?;
    Ok(secret)
}

/// The account of an address that a password opens, with the password's hash. Takes the time of one comparison where the
/// address has no account.
async fn find_account(accounts: &[users::UserRow], password: &str) -> Result<Option<(User, Option<String>)>, Problem> {
    let open = accounts.iter().filter(|account| account.user().removed_at.is_none());
    let mut with_password: Vec<_> = open.filter(|account| account.password_hash.is_some()).map(Some).collect();
    if with_password.is_empty() {
        with_password.push(None);
    }
    for account in with_password {
        let hash = account.and_then(|account| account.password_hash.clone());
        if passwords::verify(password, hash.clone()).await? {
            return Ok(account.map(|account| (account.user(), hash)));
        }
    }
    Ok(None)
}

fn wrong() -> Problem {
    Problem::new(Code::Unauthorized, "The e-mail address or the password is not right.")
}

impl Change for Begin {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        // The password may have been changed, or the user removed, while it was compared; who changes it on another server
        // waits for this, and ends the session that begins here.
        users::lock(&mut tx.conn, self.user).await?;
        let user = users::find(&mut tx.conn, self.user).await?;
        user.filter(|row| row.user().removed_at.is_none() && row.password_hash == self.hash).ok_or_else(wrong)?;
        let now = tx.now();
        sessions::delete_old(&mut tx.conn, self.user, now.plus(-self.idle_since), now.plus(-self.begun_since)).await?;
        let session = Session {
            id: tx.new_id(),
            user: self.user,
            created_at: now,
            last_seen_at: now,
            user_agent: self.user_agent.clone(),
        };
        sessions::insert(&mut tx.conn, &session, self.secret).await?;
        let act = Act::new(self.by.clone(), Action::SignedIn).on(self.user).fact("session", session.id);
        let act = if self.untold > 0 { act.fact("failures_before", self.untold) } else { act };
        audit::record(tx, act).await?;
        Ok(())
    }
}
