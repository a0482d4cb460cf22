//! Reading announcements.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        announcement::Announcement,
        ids::{OrganizationId, ProjectId},
        page::{Limit, StreamPage, Stretch},
        problem::Problem,
    },
    store::announcements,
};

/// A stretch of a project's announcements, ascending.
///
/// # Errors
/// `not_found`.
pub async fn history(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    stretch: Stretch,
    limit: Limit,
) -> Result<StreamPage<Announcement>, Problem> {
    let mut conn = app.store.read().await?;
    access::project_of_announcements(&mut conn, actor, project).await?;
    let organization = actor.organization();
    let last_seq = announcements::last_seq(&mut conn, organization, project).await?;
    let (items, has_more) = announcements::stretch(&mut conn, organization, project, stretch, limit).await?;
    let last_seq = items.last().map_or(0, |announcement| announcement.seq).max(last_seq);
    Ok(StreamPage { items, last_seq, has_more })
}

/// How many candidates an announcement to this project reaches.
///
/// # Errors
/// `not_found`, `forbidden` for candidates.
pub async fn audience(app: &App, actor: &Actor, project: ProjectId) -> Result<i64, Problem> {
    let mut conn = app.store.read().await?;
    access::project_of_announcements(&mut conn, actor, project).await?;
    let organization = actor.member()?.organization;
    Ok(announcements::count_audience(&mut conn, organization, project).await?)
}

/// One announcement by its place, for the fan-out of a node that did not post it.
///
/// # Errors
/// `not_found`.
pub async fn one(
    app: &App,
    organization: OrganizationId,
    project: ProjectId,
    seq: i64,
) -> Result<Announcement, Problem> {
    let mut conn = app.store.read().await?;
    announcements::find_by_seq(&mut conn, organization, project, seq).await?.ok_or_else(Problem::not_found)
}
