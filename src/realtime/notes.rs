//! `note:post` and `note:history`.

use super::{
    ack::{Answer, Outcome, Shown},
    events::{NoteHistory, PostNote},
    request::Call,
};
use crate::{
    app,
    domain::{
        event::SocketId,
        page::{Limit, Stretch},
    },
    view,
};

/// `note:post`
pub async fn post(call: Call<'_>, request: PostNote) -> Outcome {
    let posted = app::notes::post(
        &call.hub.app,
        call.live.actor()?,
        app::notes::PostNote {
            conversation: request.conversation,
            client_id: request.client_id,
            body: request.body,
            origin: Some(SocketId(call.socket.id.to_string())),
        },
    )
    .await?;
    Answer::done()
        .with("note", Shown::to(call.live, &posted.note, view::note::html)?)?
        .with("duplicate", posted.duplicate)
}

/// `note:history`
pub async fn history(call: Call<'_>, request: NoteHistory) -> Outcome {
    let stretch = Stretch::After(request.after_seq.map_or(0, |position| position.0));
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let page = app::notes::history(&call.hub.app, call.live.actor()?, request.conversation, stretch, limit).await?;
    Answer::done()
        .with("notes", Shown::all(call.live, &page.items, view::note::html)?)?
        .with("last_seq", page.last_seq)?
        .with("has_more", page.has_more)
}
