//! One-time links: the first operator's set-up, and choosing a password.

use std::net::IpAddr;

use chrono::TimeDelta;

use super::{App, passwords, users::write_user};
use crate::{
    domain::{
        access::Whence,
        audit::{Act, Action, By},
        event::{Event, Kicked},
        ids::OneTimeLinkId,
        link::{Secret, SecretHash},
        password::Password,
        problem::Problem,
        session::EndReason,
        text::Name,
        user::{Email, User},
    },
    store::{Change, Tx, audit, members, sessions, users},
};

/// How long a set-up address can be used.
const SET_UP: TimeDelta = TimeDelta::days(1);

/// What a one-time link is for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// Creating the first operator.
    FirstOperator,
    /// Choosing a password; with the names of the user's organizations.
    ChoosePassword(User, Vec<Name>),
}

struct Open(SecretHash);

/// Makes the set-up address's secret, good for a day; `None` as soon as there is an operator. Earlier ones end.
///
/// # Errors
/// The store's.
pub async fn open_address(app: &App) -> Result<Option<Secret>, Problem> {
    let secret = app.clock.new_secret();
    let opened = app.store.commit(Open(secret.hash())).await?;
    Ok(opened.then_some(secret))
}

impl Change for Open {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx) -> Result<bool, Problem> {
        if users::operators(&mut tx.conn).await? > 0 {
            return Ok(false);
        }
        let (id, now) = (tx.new_id(), tx.now());
        users::drop_one_time_links(&mut tx.conn, None).await?;
        users::insert_one_time_link(&mut tx.conn, id, self.0, None, now, now.plus(SET_UP)).await?;
        Ok(true)
    }
}

/// What a one-time link is for; using it up is another step.
///
/// # Errors
/// `not_found` for one that is unknown, used or too old.
pub async fn look(app: &App, secret: &Secret) -> Result<Purpose, Problem> {
    let mut conn = app.store.read().await?;
    let found = users::find_one_time_link(&mut conn, secret.hash(), app.clock.now()).await?;
    match found.ok_or_else(Problem::not_found)?.1 {
        Some(user) => {
            let user = users::find(&mut conn, user).await?.ok_or_else(Problem::not_found)?.user();
            if user.removed_at.is_some() {
                return Err(Problem::not_found());
            }
            let memberships = members::of_user(&mut conn, user.id).await?;
            let organizations = memberships.into_iter().map(|(organization, _)| organization.name).collect();
            Ok(Purpose::ChoosePassword(user, organizations))
        }
        None if users::operators(&mut conn).await? == 0 => Ok(Purpose::FirstOperator),
        None => Err(Problem::not_found()),
    }
}

struct Complete {
    secret: SecretHash,
    email: Email,
    name: Name,
    hash: String,
    address: IpAddr,
}

/// Creates the first operator and uses the link up. They sign in afterwards.
///
/// # Errors
/// `not_found` for a link that is not for that; `conflict` where the address is taken.
pub async fn complete(
    app: &App,
    secret: &Secret,
    address: IpAddr,
    name: Name,
    email: Email,
    password: &Password,
) -> Result<User, Problem> {
    // Looked at first, so that strangers cannot make the server hash.
    look(app, secret).await?;
    let hash = passwords::hash(password).await?;
    app.store.commit(Complete { secret: secret.hash(), email, name, hash, address }).await
}

impl Change for Complete {
    type Output = User;

    async fn apply(&self, tx: &mut Tx) -> Result<User, Problem> {
        let now = tx.now();
        let found = users::find_one_time_link(&mut tx.conn, self.secret, now).await?;
        let Some((link, None)) = found else { return Err(Problem::not_found()) };
        if users::operators(&mut tx.conn).await? > 0 {
            return Err(Problem::not_found());
        }
        if !users::of_email(&mut tx.conn, &self.email).await?.is_empty() {
            let taken =
                Problem::new(crate::domain::problem::Code::Conflict, "There is a user with this address already.");
            return Err(Problem { field: Some("email".into()), ..taken });
        }
        use_up(tx, link).await?;
        let user = write_user(tx, &self.email, &self.name, true, Some(now), Some(&self.hash)).await?;
        let act = Act::new(By::user(&user, Whence::Address(self.address)), Action::UserCreated).on(user.id);
        audit::record(tx, act.fact("operator", true).fact("by", "set-up address")).await?;
        Ok(user)
    }
}

/// Of several who use one link at the same time, all but one are refused.
async fn use_up(tx: &mut Tx, link: OneTimeLinkId) -> Result<(), Problem> {
    let now = tx.now();
    if users::use_one_time_link(&mut tx.conn, link, now).await? { Ok(()) } else { Err(Problem::not_found()) }
}

struct Choose {
    secret: SecretHash,
    hash: String,
    address: IpAddr,
}

/// Sets the password of the link's user and uses the link up; their sessions end. They sign in afterwards.
///
/// # Errors
/// `not_found` for a link that is not for that.
pub async fn choose_password(
    app: &App,
    secret: &Secret,
    address: IpAddr,
    password: &Password,
) -> Result<User, Problem> {
    look(app, secret).await?;
    let hash = passwords::hash(password).await?;
    app.store.commit(Choose { secret: secret.hash(), hash, address }).await
}

impl Change for Choose {
    type Output = User;

    async fn apply(&self, tx: &mut Tx) -> Result<User, Problem> {
        let now = tx.now();
        let found = users::find_one_time_link(&mut tx.conn, self.secret, now).await?;
        let Some((link, Some(id))) = found else { return Err(Problem::not_found()) };
        let user = users::find(&mut tx.conn, id).await?.ok_or_else(Problem::not_found)?.user();
        if user.removed_at.is_some() {
            return Err(Problem::not_found());
        }
        use_up(tx, link).await?;
        users::set_password(&mut tx.conn, id, &self.hash).await?;
        // Only operators make these links: who has one is the person that they mean.
        users::confirm(&mut tx.conn, id, now).await?;
        sessions::delete_of(&mut tx.conn, id).await?;
        tx.announce(Event::Kicked { who: Kicked::User(id, None), reason: EndReason::SignedOut });
        let act = Act::new(By::user(&user, Whence::Address(self.address)), Action::PasswordChanged).on(id);
        audit::record(tx, act.fact("by", "one-time address")).await?;
        Ok(user)
    }
}
