//! Conversations and their chat links.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{
    cursor, fields,
    request::{Asked, Caller, Named, Sent, Unasked},
    shapes,
};
use crate::{
    app::{self, App, conversations::Narrowing},
    domain::{
        conversation::{Conversation, ConversationChange, Label},
        ids::ConversationId,
        problem::Problem,
    },
};

/// Lists conversations, in the order in which they were made.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/conversations", operation_id = "conversations_list", tag = "conversations",
    params(shapes::Paging, shapes::ConversationFilter),
    responses((status = 200, description = "A part of the list", body = shapes::ConversationList)))]
pub async fn list(
    Caller(actor): Caller,
    State(app): State<App>,
    Asked(mut fields): Asked,
) -> Result<Json<Value>, Problem> {
    let limit = fields.limit()?;
    let after: Option<ConversationId> = fields.text("cursor")?.map(|raw| cursor::id(&raw)).transpose()?;
    let narrowing = Narrowing { project: fields.id("project")?, status: fields.word("status")? };
    fields.finish()?;
    let (data, has_more) = app::conversations::by_id(&app, &actor, narrowing, after, limit).await?;
    let next = data.last().filter(|_| has_more).map(|conversation| cursor::after_id(conversation.id));
    Ok(Json(json!({ "data": data, "next_cursor": next })))
}

/// Shows a conversation. This marks nothing as read or handled.
///
/// # Errors
/// As the use case.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", operation_id = "conversations_find", tag = "conversations", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The conversation", body = shapes::Conversation)))]
pub async fn find(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ConversationId>,
    _: Unasked,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(app::conversations::find(&app, &actor, id).await?.conversation))
}

/// Changes a conversation: what is left out stays.
///
/// # Errors
/// As the use case.
#[utoipa::path(patch, path = "/api/v1/conversations/{id}", operation_id = "conversations_change", tag = "conversations", params(("id" = uuid::Uuid, Path)),
    request_body = shapes::ConversationChange,
    responses((status = 200, description = "The conversation as it is now", body = shapes::Conversation)))]
pub async fn change(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ConversationId>,
    Sent(mut sent): Sent,
) -> Result<Json<Conversation>, Problem> {
    let assignee = match sent.edit("assignee") {
        Some(Some(value)) => Some(Some(fields::id("assignee", value)?)),
        Some(None) => Some(None),
        None => None,
    };
    let labels = sent.texts("labels")?;
    if labels.as_ref().is_some_and(|labels| labels.len() > 20) {
        return Err(Problem::too_large("labels", "A conversation has at most 20 labels."));
    }
    let change = ConversationChange {
        status: sent.word("status")?,
        snooze_until: sent.moment("snooze_until")?,
        assignee,
        priority: sent.word("priority")?,
        labels: labels.map(|raw| Label::parse_all(raw.iter().map(String::as_str))).transpose()?,
        ..ConversationChange::default()
    };
    sent.finish()?;
    app::conversations::update(&app, &actor, id, change).await.map(Json)
}

/// Makes a new chat link, whose address is shown this once; the old ones end at once.
///
/// # Errors
/// As the use case.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/link", operation_id = "links_issue", tag = "conversations",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 201, description = "The new link", body = shapes::NewLink)))]
pub async fn issue_link(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ConversationId>,
    Sent(sent): Sent,
) -> Result<(StatusCode, Json<Value>), Problem> {
    sent.finish()?;
    let chat_url = app::links::issue(&app, &actor, id).await?;
    Ok((StatusCode::CREATED, Json(json!({ "chat_url": chat_url }))))
}

/// Ends every chat link to the conversation, at once.
///
/// # Errors
/// As the use case.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/link", operation_id = "links_revoke", tag = "conversations",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "There is no link any more")))]
pub async fn revoke_link(
    Caller(actor): Caller,
    State(app): State<App>,
    Named(id): Named<ConversationId>,
    _: Unasked,
) -> Result<StatusCode, Problem> {
    app::links::revoke(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
