//! `message:post`, `message:history` and `message:mark_read`.

use serde_json::Value;

use super::{
    ack::{Answer, Outcome},
    events::{MarkRead, MessageHistory, PostMessage},
    request::Call,
    typing,
};
use crate::{
    app::{
        self,
        messages::{Post, Reply},
    },
    domain::{
        access::Actor,
        event::SocketId,
        message::{Message, NewMessage},
        page::Limit,
        problem::Problem,
    },
    view,
};

/// `message:post`
pub async fn post(call: Call<'_>, request: PostMessage) -> Outcome {
    let actor = call.live.actor()?;
    if request.attachments.is_some_and(|attachments| !attachments.is_empty()) {
        return Err(Problem::invalid("attachments", "Files cannot be attached in this version."));
    }
    if matches!(actor, Actor::Member(_)) && request.seen_seq.is_none() {
        return Err(Problem::invalid("seen_seq", "This field is missing."));
    }
    let (lease, take_over) = (request.lease, request.take_over.unwrap_or(false));
    let reply = request.seen_seq.map(|seen| Reply { seen_seq: seen.0, lease, take_over });
    let conversation = request.conversation;
    let message = NewMessage { conversation, client_id: request.client_id, body: request.body };
    let origin = Some(SocketId(call.socket.id.to_string()));
    let posted = app::messages::post(&call.hub.app, actor, Post { message, reply, origin }).await?;
    typing::end(call.hub, call.socket.id, Some(conversation));
    Answer::done().with("message", shown(call, &posted.message)?)?.with("duplicate", posted.duplicate)
}

/// `message:history`
pub async fn history(call: Call<'_>, request: MessageHistory) -> Outcome {
    let stretch = request.stretch()?;
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let page = app::messages::history(&call.hub.app, call.live.actor()?, request.conversation, stretch, limit).await?;
    Answer::done()
        .with("messages", shown_all(call, &page.items)?)?
        .with("last_seq", page.last_seq)?
        .with("has_more", page.has_more)
}

/// `message:mark_read`
pub async fn mark_read(call: Call<'_>, request: MarkRead) -> Outcome {
    app::messages::mark_read(&call.hub.app, call.live.actor()?, request.conversation, request.seq.0).await?;
    Ok(Answer::done())
}

/// A message as this socket wants it: with its rendering, where it asked for that.
fn shown(call: Call<'_>, message: &Message) -> Result<Value, Problem> {
    let mut json = serde_json::to_value(message).map_err(Problem::internal)?;
    if call.live.html {
        json["html"] = Value::String(view::message::html(message)?);
    }
    Ok(json)
}

/// Messages as this socket wants them.
///
/// # Errors
/// `internal` when one cannot be rendered.
pub fn shown_all(call: Call<'_>, messages: &[Message]) -> Result<Vec<Value>, Problem> {
    messages.iter().map(|message| shown(call, message)).collect()
}
