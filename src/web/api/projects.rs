//! Hiring projects and the candidates who join them.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    cursor,
    fields::missing,
    request::{Asked, Caller, Named, Sent, Unasked},
    shapes,
};
use crate::{
    app::{self, App, projects::ProjectChange},
    domain::{
        access::Actor,
        candidate::{Profile, RawProfile},
        conversation::UserBrief,
        ids::{ProjectId, UserId},
        problem::Problem,
        project::Project,
        text::Name,
    },
};

#[derive(Serialize)]
struct WithTeam {
    #[serde(flatten)]
    project: Project,
    team: Vec<UserBrief>,
}

async fn shown(app: &App, actor: &Actor, id: ProjectId) -> Result<Json<WithTeam>, Problem> {
    let found = app::projects::find_with_team(app, actor, id).await?;
    Ok(Json(WithTeam { project: found.project, team: found.team }))
}

/// Lists the projects, in the order in which they were made.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/projects", operation_id = "projects_list", tag = "projects", params(shapes::Paging),
    responses((status = 200, description = "A part of the list", body = shapes::ProjectList)))]
pub async fn list(
    Caller(actor): Caller,
    State(app): State<App>,
    Asked(mut fields): Asked,
) -> Result<Json<Value>, Problem> {
    let limit = fields.limit()?;
    let after: Option<ProjectId> = fields.text("cursor")?.map(|raw| cursor::id(&raw)).transpose()?;
    fields.finish()?;
    let mut projects: Vec<_> = app::projects::list(&app, &actor).await?.into_iter().map(|row| row.project).collect();
    projects.retain(|project| after.is_none_or(|after| project.id > after));
    projects.sort_by_key(|project| project.id);
    let has_more = projects.len() > limit.get();
    projects.truncate(limit.get());
    let next = projects.last().filter(|_| has_more).map(|project| cursor::after_id(project.id));
    Ok(Json(json!({ "data": projects, "next_cursor": next })))
}

/// Creates a project.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/projects", operation_id = "projects_create", tag = "projects", request_body = shapes::NewProject,
    responses((status = 201, description = "It was created", body = shapes::Project)))]
pub async fn create(
    Caller(actor): Caller,
    State(app): State<App>,
    Sent(mut fields): Sent,
) -> Result<impl IntoResponse, Problem> {
    let name = Name::parse("name", &fields.text("name")?.ok_or_else(|| missing("name"))?)?;
    let restricted = fields.flag("restricted")?.unwrap_or(false);
    fields.finish()?;
    let project = app::projects::create(&app, &actor, name, restricted).await?;
    Ok((StatusCode::CREATED, shown(&app, &actor, project.id).await?))
}

/// Shows a project.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/projects/{id}", operation_id = "projects_find", tag = "projects", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The project", body = shapes::Project)))]
pub async fn find(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ProjectId>,
    _: Unasked,
) -> Result<impl IntoResponse, Problem> {
    shown(&app, &actor, id).await
}

/// Changes a project: what is left out stays.
///
/// # Errors
/// As the use case.
#[utoipa::path(patch, path = "/api/v1/projects/{id}", operation_id = "projects_change", tag = "projects", params(("id" = uuid::Uuid, Path)),
    request_body = shapes::ProjectChange,
    responses((status = 200, description = "The project as it is now", body = shapes::Project)))]
pub async fn change(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ProjectId>,
    Sent(mut fields): Sent,
) -> Result<impl IntoResponse, Problem> {
    let name = fields.text("name")?.map(|raw| Name::parse("name", &raw)).transpose()?;
    let status = fields.word("status")?;
    let restricted = fields.flag("restricted")?;
    let not_ids = |_| Problem::invalid("team", "This must be a list of UUIDs.");
    let team: Option<Vec<UserId>> =
        fields.take("team").map(|value| serde_json::from_value(value).map_err(not_ids)).transpose()?;
    fields.finish()?;
    app::projects::change(&app, &actor, id, ProjectChange { name, status, restricted, team }).await?;
    shown(&app, &actor, id).await
}

/// Adds a candidate and makes the chat link, whose address is shown this once.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/projects/{id}/candidates", operation_id = "candidates_add", tag = "candidates",
    params(("id" = uuid::Uuid, Path)), request_body = shapes::NewCandidate,
    responses((status = 201, description = "The candidate was added", body = shapes::AddedCandidate)))]
pub async fn add_candidate(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ProjectId>,
    Sent(mut fields): Sent,
) -> Result<impl IntoResponse, Problem> {
    let name = fields.text("name")?.ok_or_else(|| missing("name"))?;
    let (email, phone) = (fields.text("email")?, fields.text("phone")?);
    let (locale, time_zone) = (fields.text("locale")?, fields.text("time_zone")?);
    let external_id = fields.text("external_id")?;
    fields.finish()?;
    let profile = Profile::parse(RawProfile {
        name: &name,
        email: email.as_deref(),
        phone: phone.as_deref(),
        locale: locale.as_deref(),
        time_zone: time_zone.as_deref(),
        external_id: external_id.as_deref(),
    })?;
    let added = app::candidates::add(&app, &actor, id, profile).await?;
    let reached = app::conversations::find(&app, &actor, added.conversation).await?;
    let body = json!({
        "candidate": added.candidate,
        "conversation": reached.conversation,
        "chat_url": added.chat_url,
    });
    Ok((StatusCode::CREATED, Json(body)))
}
