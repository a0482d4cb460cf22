//! Announcements of a project.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{
    cursor::Stream,
    fields::missing,
    request::{Asked, Caller, Named, Sent},
    shapes,
};
use crate::{
    app::{self, App, announcements::PostAnnouncement},
    domain::{announcement::Announcement, ids::ProjectId, problem::Problem},
};

/// Reads announcements, ascending.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/projects/{id}/announcements", operation_id = "announcements_list", tag = "announcements",
    params(("id" = uuid::Uuid, Path), shapes::Paging, shapes::StretchParameters),
    responses((status = 200, description = "A part of them", body = shapes::AnnouncementList)))]
pub async fn history(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ProjectId>,
    Asked(mut fields): Asked,
) -> Result<Json<Stream<Announcement>>, Problem> {
    let (stretch, limit) = (fields.stretch()?, fields.limit()?);
    fields.finish()?;
    let page = app::announcements::history(&app, &actor, id, stretch, limit).await?;
    Ok(Json(Stream::of(page, stretch, |announcement| announcement.seq)))
}

/// Posts an announcement to all candidates of a project. Sent again with the same `client_id` it gives the first one.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/projects/{id}/announcements", operation_id = "announcements_post", tag = "announcements",
    params(("id" = uuid::Uuid, Path)), request_body = shapes::NewAnnouncement,
    responses((status = 201, description = "It is on disk", body = shapes::PostedAnnouncement),
        (status = 200, description = "It stood there already", body = shapes::PostedAnnouncement)))]
pub async fn post(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(project): Named<ProjectId>,
    Sent(mut fields): Sent,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let client_id = fields.id("client_id")?.ok_or_else(|| missing("client_id"))?;
    let body = fields.body()?;
    fields.finish()?;
    let new = PostAnnouncement { project, client_id, body, origin: None };
    let posted = app::announcements::post(&app, &actor, new).await?;
    let status = if posted.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(json!({ "announcement": posted.announcement, "duplicate": posted.duplicate }))))
}
