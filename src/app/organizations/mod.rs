//! What can be done with organizations.

mod create;
mod export;
mod manage;

pub use self::{
    create::create,
    export::exported,
    manage::{remove, restore, suspend, update},
};
use crate::{
    app::App,
    domain::{
        access::Operator,
        heartbeat,
        ids::OrganizationId,
        organization::{Organization, Slug},
        problem::Problem,
    },
    store::organizations,
};

/// All organizations, by slug.
///
/// # Errors
/// The store's.
pub async fn list(app: &App, _operator: Operator) -> Result<Vec<Organization>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(organizations::list(&mut conn).await?)
}

/// Those that can be entered, for the server itself: the heartbeat's is among them.
///
/// # Errors
/// The store's.
pub async fn open_ones(app: &App) -> Result<Vec<Organization>, Problem> {
    let mut conn = app.store.read().await?;
    let mut all = organizations::list(&mut conn).await?;
    all.extend(organizations::find(&mut conn, heartbeat::organization()).await?);
    all.retain(|organization| organization.suspended_at.is_none());
    Ok(all)
}

/// One organization, suspended or not, for the server itself.
///
/// # Errors
/// `not_found`.
pub async fn by_id(app: &App, id: OrganizationId) -> Result<Organization, Problem> {
    let mut conn = app.store.read().await?;
    organizations::find(&mut conn, id).await?.ok_or_else(Problem::not_found)
}

/// One organization, suspended or not, for a door or command that asks for nothing more than its name.
///
/// # Errors
/// `not_found`, also for what cannot be a slug.
pub async fn find_by_slug(app: &App, slug: &str) -> Result<Organization, Problem> {
    let slug = Slug::parse(slug).map_err(|_| Problem::not_found())?;
    let mut conn = app.store.read().await?;
    organizations::find_by_slug(&mut conn, &slug).await?.ok_or_else(Problem::not_found)
}
