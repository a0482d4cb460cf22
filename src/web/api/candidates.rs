//! Candidates from a file, and what becomes of their data.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{
    request::{Asked, Caller, Csv, Named, Unasked},
    shapes,
};
use crate::{
    app::{
        self, App,
        candidates::{Export, RowOutcome, RowResult},
    },
    domain::{
        ids::{CandidateId, ProjectId},
        problem::{Code, Problem},
    },
};

/// Adds a candidate for each row of a CSV file; a row that does not fit leaves the others alone.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/projects/{id}/candidates/import", operation_id = "candidates_import", tag = "candidates",
    params(("id" = uuid::Uuid, Path), shapes::ImportParameters),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What became of each row", body = shapes::Import)))]
pub async fn import(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ProjectId>,
    Asked(mut fields): Asked,
    Csv(file): Csv,
) -> Result<Json<Value>, Problem> {
    let dry_run = fields.flag("dry_run")?.unwrap_or(false);
    fields.finish()?;
    let import = app::candidates::import(&app, &actor, id, &file, dry_run).await?;
    Ok(Json(json!({
        "dry_run": import.dry_run,
        "accepted": import.accepted(),
        "rejected": import.rows.len() - import.accepted(),
        "rows": import.rows.iter().map(row).collect::<Vec<_>>(),
        "rejected_csv": import.rejected,
        "warning": import.warning,
    })))
}

fn row(row: &RowResult) -> Value {
    let mut json = json!({
        "line": row.line, "name": row.name, "status": "rejected",
        "candidate": null, "conversation": null, "chat_url": null, "error": null, "warnings": row.warnings,
    });
    match &row.outcome {
        RowOutcome::WouldAdd => json["status"] = json!("would_add"),
        RowOutcome::Added(added) => {
            json["status"] = json!("added");
            json["candidate"] = json!(added.candidate.id);
            json["conversation"] = json!(added.conversation);
            json["chat_url"] = json!(added.chat_url);
        }
        RowOutcome::Rejected(problem) => {
            if problem.code == Code::Internal {
                tracing::error!(%problem, cause = problem.cause(), "a row of an import failed");
            }
            json["error"] = json!({ "code": problem.code, "message": problem.message, "field": problem.field });
        }
    }
    json
}

/// Hands out all that is kept of a candidate and shared with them.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/candidates/{id}/export", operation_id = "candidates_export", tag = "candidates", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The candidate's data", body = shapes::CandidateExport)))]
pub async fn export(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<CandidateId>,
    _: Unasked,
) -> Result<Json<Export>, Problem> {
    app::candidates::export(&app, &actor, id).await.map(Json)
}

/// Erases a candidate with every conversation, message, note and link, at once and for good.
///
/// # Errors
/// As the use case.
#[utoipa::path(delete, path = "/api/v1/candidates/{id}", operation_id = "candidates_erase", tag = "candidates", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "The candidate was erased")))]
pub async fn erase(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<CandidateId>,
    _: Unasked,
) -> Result<StatusCode, Problem> {
    app::candidates::erase(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
