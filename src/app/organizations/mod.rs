//! What can be done with organizations.

mod create;
mod manage;

pub use self::{
    create::create,
    manage::{remove, restore, suspend, update},
};
use crate::{
    app::App,
    domain::{
        access::Operator,
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
    load_all(app).await
}

/// All organizations, for the server itself.
///
/// # Errors
/// The store's.
pub async fn load_all(app: &App) -> Result<Vec<Organization>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(organizations::list(&mut conn).await?)
}

/// Those that can be entered, for the server itself.
///
/// # Errors
/// The store's.
pub async fn open_ones(app: &App) -> Result<Vec<Organization>, Problem> {
    Ok(load_all(app).await?.into_iter().filter(|organization| organization.suspended_at.is_none()).collect())
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
