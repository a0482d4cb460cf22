//! `message:post`, `message:history` and `message:mark_read`.

use super::{
    ack::{Answer, Outcome, Shown},
    events::{MarkRead, MessageHistory, PostMessage},
    request::Call,
    typing,
};
use crate::{
    app::{
        self,
        messages::{Post, Reply},
    },
    domain::{access::Actor, event::SocketId, message::NewMessage, page::Limit, problem::Problem},
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
    Answer::done()
        .with("message", Shown::to(call.live, &posted.message, view::message::html)?)?
        .with("duplicate", posted.duplicate)
}

/// `message:history`
pub async fn history(call: Call<'_>, request: MessageHistory) -> Outcome {
    let stretch = request.stretch()?;
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let page = app::messages::history(&call.hub.app, call.live.actor()?, request.conversation, stretch, limit).await?;
    Answer::done()
        .with("messages", Shown::all(call.live, &page.items, view::message::html)?)?
        .with("last_seq", page.last_seq)?
        .with("has_more", page.has_more)
}

/// `message:mark_read`
pub async fn mark_read(call: Call<'_>, request: MarkRead) -> Outcome {
    app::messages::mark_read(&call.hub.app, call.live.actor()?, request.conversation, request.seq.0).await?;
    Ok(Answer::done())
}
