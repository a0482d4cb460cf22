//! Messages of a conversation.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{
    cursor::Stream,
    fields::missing,
    queue::lease,
    request::{Asked, Caller, Named, Sent},
    shapes,
};
use crate::{
    app::{
        self, App,
        messages::{Post, Reply},
    },
    domain::{
        ids::ConversationId,
        message::{Message, NewMessage},
        problem::Problem,
    },
};

/// Reads messages, ascending; from the first one on, after or before one.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", operation_id = "messages_list", tag = "messages",
    params(("id" = uuid::Uuid, Path), shapes::Paging, shapes::StretchParameters),
    responses((status = 200, description = "A part of the thread", body = shapes::MessageList)))]
pub async fn history(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ConversationId>,
    Asked(mut fields): Asked,
) -> Result<Json<Stream<Message>>, Problem> {
    let (stretch, limit) = (fields.stretch()?, fields.limit()?);
    fields.finish()?;
    let page = app::messages::history(&app, &actor, id, stretch, limit).await?;
    Ok(Json(Stream::of(page, stretch, |message| message.seq)))
}

/// Posts a message. Sent again with the same `client_id` it gives the first one and does nothing more.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", operation_id = "messages_post", tag = "messages",
    params(("id" = uuid::Uuid, Path)), request_body = shapes::NewMessage,
    responses((status = 201, description = "It is on disk", body = shapes::PostedMessage),
        (status = 200, description = "It stood there already", body = shapes::PostedMessage)))]
pub async fn post(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(conversation): Named<ConversationId>,
    Sent(mut fields): Sent,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let client_id = fields.id("client_id")?.ok_or_else(|| missing("client_id"))?;
    let body = fields.body()?;
    let seen_seq = fields.position("seen_seq")?.ok_or_else(|| missing("seen_seq"))?;
    let lease = lease(&mut fields)?;
    let take_over = fields.flag("take_over")?.unwrap_or(false);
    if fields.texts("attachments")?.is_some_and(|files| !files.is_empty()) {
        return Err(Problem::invalid("attachments", "Files cannot be attached in this version."));
    }
    fields.finish()?;
    let message = NewMessage { conversation, client_id, body };
    let reply = Some(Reply { seen_seq, lease, take_over });
    let posted = app::messages::post(&app, &actor, Post { message, reply, origin: None }).await?;
    let status = if posted.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(json!({ "message": posted.message, "duplicate": posted.duplicate }))))
}
