//! A person chooses a password and joins.

use std::net::IpAddr;

use super::{
    Joining, Offer,
    accept::{join, use_up},
    find_in, joining, look,
};
use crate::{
    app::{App, passwords, users::write_user},
    domain::{
        access::Whence,
        audit::{Act, Action, By},
        event::{Event, Kicked},
        ids::UserId,
        invitation::Invitation,
        link::{Secret, SecretHash},
        password::Password,
        problem::{Code, Problem},
        session::EndReason,
        user::User,
    },
    store::{Change, Tx, members, sessions, users, users::UserRow},
};

struct Choose {
    secret: SecretHash,
    hash: String,
    /// The account whose password it is already, with the hash that it was compared with.
    known: Option<(UserId, String)>,
    address: IpAddr,
}

/// Joins the organization of an invitation with a password. The account is one whose password it is already, else one of the
/// address that belongs to nobody, whose sessions end, else a new one. They sign in afterwards.
///
/// # Errors
/// `not_found` for a link that is unknown, used or expired; `conflict` where there is a confirmed account, which has to sign
/// in; `rate_limited` where many passwords were tried.
pub async fn choose_password(
    app: &App,
    secret: &Secret,
    address: IpAddr,
    password: &Password,
) -> Result<User, Problem> {
    let offer = look(app, secret).await?;
    if offer.joining == Joining::SignIn {
        return Err(sign_in_instead());
    }
    let known = known_by(app, &offer, address, password).await?;
    let hash = passwords::hash(password).await?;
    app.store.commit(Choose { secret: secret.hash(), hash, known, address }).await
}

fn sign_in_instead() -> Problem {
    Problem::new(Code::Conflict, "There is an account with this address already. Sign in to accept the invitation.")
}

/// The account of the address whose password it is: two with the same password could not be told apart at the sign-in.
async fn known_by(
    app: &App,
    offer: &Offer,
    address: IpAddr,
    password: &Password,
) -> Result<Option<(UserId, String)>, Problem> {
    let email = &offer.invitation.email;
    if offer.joining != Joining::Either {
        return Ok(None);
    }
    // With a link, too, nobody tries passwords of others without limit.
    app.limits.sign_in(email, address)?;
    let accounts = {
        let mut conn = app.store.read().await?;
        users::of_email(&mut conn, email).await?
    };
    for account in accounts {
        let Some(hash) = account.password_hash.clone() else { continue };
        if passwords::verify(password.expose(), Some(hash.clone())).await? {
            app.limits.signed_in(email, address);
            return Ok(Some((account.user().id, hash)));
        }
    }
    Ok(None)
}

impl Change for Choose {
    type Output = User;

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<User, Problem> {
        let invitation = find_in(tx, self.secret).await?;
        let accounts = users::of_email(&mut tx.conn, &invitation.email).await?;
        if joining(&accounts)? == Joining::SignIn {
            return Err(sign_in_instead());
        }
        use_up(tx, self.secret).await?;
        let (user, account) = self.account(tx, &invitation, &accounts).await?;
        let by = By::user(&user, Whence::Address(self.address));
        join(tx, &invitation, &user, Act::new(by, Action::MemberAdded).fact("account", account)).await?;
        Ok(user)
    }
}

impl Choose {
    /// The account that joins, and how it came about.
    async fn account(
        &self,
        tx: &mut Tx,
        invitation: &Invitation,
        accounts: &[UserRow],
    ) -> Result<(User, &'static str), Problem> {
        if let Some((id, hash)) = &self.known {
            users::lock(&mut tx.conn, *id).await?;
            let row = users::find(&mut tx.conn, *id).await?;
            if let Some(row) = row.filter(|row| row.password_hash.as_ref() == Some(hash)) {
                return Ok((row.user(), "existing"));
            }
        }
        for account in accounts {
            if let Some(user) = self.take_over(tx, invitation, account.user().id).await? {
                return Ok((user, "new password"));
            }
        }
        let (email, name) = (&invitation.email, &invitation.name);
        Ok((write_user(tx, email, name, false, None, Some(&self.hash)).await?, "new"))
    }

    /// Gives an account that reaches nothing to who has the link; `None` for one that does.
    async fn take_over(&self, tx: &mut Tx, invitation: &Invitation, id: UserId) -> Result<Option<User>, Problem> {
        // What joins an organization with it waits for this, and then finds its session ended.
        users::lock(&mut tx.conn, id).await?;
        let user = users::find(&mut tx.conn, id).await?.map(|row| row.user());
        let reaches_nothing = members::count_of(&mut tx.conn, id).await? == 0;
        let user = user.filter(|user| reaches_nothing && !user.operator && user.confirmed_at.is_none());
        let Some(user) = user.filter(|user| user.removed_at.is_none()) else { return Ok(None) };
        users::start_over(&mut tx.conn, id, &invitation.name, &self.hash).await?;
        users::drop_one_time_links(&mut tx.conn, Some(id)).await?;
        sessions::delete_of(&mut tx.conn, id).await?;
        tx.announce(Event::Kicked { who: Kicked::User(id, None), reason: EndReason::SignedOut });
        Ok(Some(User { name: invitation.name.clone(), ..user }))
    }
}
