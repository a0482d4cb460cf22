//! Hiring projects.

mod change;
mod create;

pub use self::{
    change::{ProjectChange, TeamChange, change, change_team, close, rename, reopen, set_team},
    create::create,
};
pub use crate::store::projects::ProjectSummary;
use crate::{
    app::{App, access},
    domain::{
        access::{Actor, Member},
        conversation::UserBrief,
        ids::{OrganizationId, ProjectId},
        problem::Problem,
        project::{Project, ProjectStatus},
        user::Role,
    },
    store,
};

/// The projects that an actor reads, with their numbers; for an owner also those that they only manage.
///
/// # Errors
/// `forbidden` for candidates.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ProjectSummary>, Problem> {
    let member = actor.member()?;
    let mut conn = app.store.read().await?;
    let all = member.role == Role::Owner;
    Ok(store::projects::list(&mut conn, member.organization, member.user(), all).await?)
}

/// A project that an actor reads.
///
/// # Errors
/// `not_found`.
pub async fn find(app: &App, actor: &Actor, id: ProjectId) -> Result<Project, Problem> {
    let mut conn = app.store.read().await?;
    Ok(access::project(&mut conn, actor, id).await?.project)
}

/// A project that a member reads.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, member: &Member, id: ProjectId) -> Result<Project, Problem> {
    let mut conn = app.store.read().await?;
    Ok(access::project_of_member(&mut conn, member, id).await?.project)
}

/// Whether a project takes messages, for the fan-out.
///
/// # Errors
/// `not_found`.
pub async fn status(app: &App, organization: OrganizationId, id: ProjectId) -> Result<ProjectStatus, Problem> {
    let mut conn = app.store.read().await?;
    let found = store::projects::find(&mut conn, organization, None, id).await?;
    Ok(found.ok_or_else(Problem::not_found)?.0.status)
}

/// The projects that a member reads, in the order they were made.
///
/// # Errors
/// The store's.
pub async fn of_member(app: &App, member: &Member) -> Result<Vec<ProjectId>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(store::projects::readable_by(&mut conn, member.organization, member.user()).await?)
}

/// A project to show or manage, with its named members and whether the actor reads it.
#[derive(Clone, Debug)]
pub struct ProjectWithTeam {
    /// The project.
    pub project: Project,
    /// The named members; they count where it is restricted.
    pub team: Vec<UserBrief>,
    /// Whether the actor reads its conversations.
    pub readable: bool,
}

/// A project for its page; for an owner also one that they only manage.
///
/// # Errors
/// `not_found`.
pub async fn find_with_team(app: &App, actor: &Actor, id: ProjectId) -> Result<ProjectWithTeam, Problem> {
    let mut conn = app.store.read().await?;
    let project = access::project_to_manage(&mut conn, actor, id, Role::Viewer).await?.project;
    let readable = access::project(&mut conn, actor, id).await.is_ok();
    let team = store::projects::team(&mut conn, id).await?;
    Ok(ProjectWithTeam { project, team, readable })
}
