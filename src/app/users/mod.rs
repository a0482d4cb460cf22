//! Users of the installation, as its operators manage them.

mod create;
mod remove;

pub(in crate::app) use self::create::{INVITATION, write_user};
pub use self::{
    create::{Created, NewUser, create},
    remove::{invite, remove, restore},
};
use crate::{
    app::App,
    domain::{
        access::Operator,
        organization::Organization,
        problem::Problem,
        user::{Role, User},
    },
    store,
};

/// A user with the organizations they belong to.
#[derive(Clone, Debug)]
pub struct UserOverview {
    /// The user, removed or not.
    pub user: User,
    /// Where they belong.
    pub memberships: Vec<(Organization, Role)>,
}

/// All users, by address.
///
/// # Errors
/// The store's.
pub async fn list(app: &App, _operator: Operator) -> Result<Vec<UserOverview>, Problem> {
    let mut conn = app.store.read().await?;
    let mut all = Vec::new();
    for user in store::users::list(&mut conn).await? {
        let memberships = store::members::of_user(&mut conn, user.id).await?;
        all.push(UserOverview { user, memberships });
    }
    Ok(all)
}
