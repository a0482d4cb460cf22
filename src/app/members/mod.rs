//! The members of an organization.

mod change;
mod lay_down;
mod owner;

pub use self::change::{remove, set_role};
pub(in crate::app) use self::{
    lay_down::{lay_down_work, take_from_outsiders},
    owner::{owner_for_change, require_other_owner},
};
pub use crate::store::members::MemberRow as MemberOverview;
use crate::{
    app::{App, sessions},
    domain::{
        access::{Actor, Identity, Member},
        problem::Problem,
    },
    store,
};

/// All members who can sign in, by name. For everybody of the team, since assigning needs the names.
///
/// # Errors
/// `forbidden` for candidates.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<MemberOverview>, Problem> {
    let member = actor.member()?;
    let mut conn = app.store.read().await?;
    Ok(store::members::list(&mut conn, member.organization).await?)
}

/// Whether what let a member in is still good, with the same role.
pub async fn still_good(app: &App, member: &Member) -> bool {
    let look = async {
        let role = {
            let mut conn = app.store.read().await?;
            let organization = store::organizations::find(&mut conn, member.organization).await?;
            if organization.is_none_or(|organization| organization.suspended_at.is_some()) {
                return Ok(false);
            }
            match member.identity {
                Identity::User(user, _) => store::members::role(&mut conn, member.organization, user).await?,
                Identity::Api(token) => store::tokens::role(&mut conn, member.organization, token).await?,
            }
        };
        let session_good = match member.identity {
            Identity::User(_, Some(session)) => sessions::still_good(app, session).await,
            _ => true,
        };
        Ok::<_, Problem>(role == Some(member.role) && session_good)
    };
    // What cannot be looked at keeps standing: a hiccup of the store is no reason to end everybody.
    look.await.unwrap_or(true)
}
