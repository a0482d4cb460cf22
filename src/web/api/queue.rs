//! The queue and its verbs.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{
    cursor,
    fields::{Fields, missing},
    request::{Asked, Caller, Named, Sent},
    shapes,
};
use crate::{
    app::{self, App, queue::Resolve},
    domain::{
        ids::ConversationId,
        problem::Problem,
        queue::{EntryView, LeaseToken},
    },
};

/// The token of a lease, where one was sent.
///
/// # Errors
/// `invalid`, `too_large`.
pub fn lease(fields: &mut Fields) -> Result<Option<LeaseToken>, Problem> {
    fields.text("lease")?.map(|text| LeaseToken::parse("lease", text)).transpose()
}

/// Shows what waits and what is claimed, those due first ahead, with the numbers of the whole queue.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/queue", operation_id = "queue_list", tag = "queue", params(shapes::Paging, shapes::QueueFilter),
    responses((status = 200, description = "The queue", body = shapes::Queue)))]
pub async fn overview(
    Caller(actor): Caller,
    State(app): State<App>,
    Asked(mut fields): Asked,
) -> Result<Json<Value>, Problem> {
    let (project, limit) = (fields.id("project")?, fields.limit()?);
    let after = fields.text("cursor")?.map(|raw| cursor::turn(&raw)).transpose()?;
    fields.finish()?;
    let overview = app::queue::overview_after(&app, &actor, project, after, limit).await?;
    let entries: Vec<_> = overview.entries.iter().map(EntryView::from).collect();
    Ok(Json(json!({
        "data": entries,
        "next_cursor": overview.next.map(cursor::after_turn),
        "waiting": overview.counts.waiting,
        "claimed": overview.counts.claimed,
        "oldest_enqueued_at": overview.counts.oldest_enqueued_at,
    })))
}

/// Claims the head of the queue; `entry` and `lease` are null when nothing waits.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/queue/next", operation_id = "queue_next", tag = "queue", request_body = Option<shapes::NextInQueue>,
    responses((status = 200, description = "What was claimed", body = shapes::MaybeClaimed)))]
pub async fn next(
    Caller(actor): Caller,
    State(app): State<App>,
    Sent(mut fields): Sent,
) -> Result<Json<Value>, Problem> {
    let project = fields.id("project")?;
    fields.finish()?;
    let claimed = app::queue::next(&app, &actor, project).await?;
    let (entry, lease) = claimed.map(|claimed| (claimed.entry, claimed.lease)).unzip();
    Ok(Json(json!({ "entry": entry, "lease": lease })))
}

/// Claims the entry of a conversation; for its holder this renews.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/queue/{conversation}/claim", operation_id = "queue_claim", tag = "queue",
    params(("conversation" = uuid::Uuid, Path)), request_body = Option<shapes::Claim>,
    responses((status = 200, description = "What was claimed", body = shapes::Claimed)))]
pub async fn claim(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(conversation): Named<ConversationId>,
    Sent(mut fields): Sent,
) -> Result<Json<Value>, Problem> {
    let take_over = fields.flag("take_over")?.unwrap_or(false);
    fields.finish()?;
    let claimed = app::queue::claim(&app, &actor, conversation, take_over).await?;
    Ok(Json(json!({ "entry": claimed.entry, "lease": claimed.lease })))
}

/// Keeps a claim for another lease's length.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/queue/{conversation}/renew", operation_id = "queue_renew", tag = "queue",
    params(("conversation" = uuid::Uuid, Path)), request_body = shapes::Held,
    responses((status = 200, description = "The lease", body = shapes::Renewed)))]
pub async fn renew(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(conversation): Named<ConversationId>,
    Sent(mut fields): Sent,
) -> Result<Json<Value>, Problem> {
    let token = lease(&mut fields)?.ok_or_else(|| missing("lease"))?;
    fields.finish()?;
    let lease = app::queue::renew(&app, &actor, conversation, token).await?;
    Ok(Json(json!({ "lease": lease })))
}

/// Gives a claim back: the entry waits again at its old place.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/queue/{conversation}/release", operation_id = "queue_release", tag = "queue",
    params(("conversation" = uuid::Uuid, Path)), request_body = shapes::Held,
    responses((status = 204, description = "It waits again")))]
pub async fn release(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(conversation): Named<ConversationId>,
    Sent(mut fields): Sent,
) -> Result<StatusCode, Problem> {
    let token = lease(&mut fields)?.ok_or_else(|| missing("lease"))?;
    fields.finish()?;
    app::queue::release(&app, &actor, conversation, token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends an entry without a reply.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/queue/{conversation}/resolve", operation_id = "queue_resolve", tag = "queue",
    params(("conversation" = uuid::Uuid, Path)), request_body = Option<shapes::Resolve>,
    responses((status = 204, description = "It is handled")))]
pub async fn resolve(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(conversation): Named<ConversationId>,
    Sent(mut fields): Sent,
) -> Result<StatusCode, Problem> {
    let (lease, seen_seq) = (lease(&mut fields)?, fields.position("seen_seq")?);
    fields.finish()?;
    app::queue::resolve(&app, &actor, Resolve { conversation, lease, seen_seq }).await?;
    Ok(StatusCode::NO_CONTENT)
}
