//! `note:post` and `note:history`.

use serde_json::Value;

use super::{
    ack::{Answer, Outcome},
    events::{NoteHistory, PostNote},
    request::Call,
};
use crate::{
    app,
    domain::{
        event::SocketId,
        message::Note,
        page::{Limit, Stretch},
        problem::Problem,
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
    Answer::done().with("note", shown(call, &posted.note)?)?.with("duplicate", posted.duplicate)
}

/// `note:history`
pub async fn history(call: Call<'_>, request: NoteHistory) -> Outcome {
    let stretch = Stretch::After(request.after_seq.map_or(0, |position| position.0));
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let page = app::notes::history(&call.hub.app, call.live.actor()?, request.conversation, stretch, limit).await?;
    Answer::done()
        .with("notes", shown_all(call, &page.items)?)?
        .with("last_seq", page.last_seq)?
        .with("has_more", page.has_more)
}

fn shown(call: Call<'_>, note: &Note) -> Result<Value, Problem> {
    let mut json = serde_json::to_value(note).map_err(Problem::internal)?;
    if call.live.html {
        json["html"] = Value::String(view::note::html(note)?);
    }
    Ok(json)
}

/// Notes as this socket wants them.
///
/// # Errors
/// `internal` when one cannot be rendered.
pub fn shown_all(call: Call<'_>, notes: &[Note]) -> Result<Vec<Value>, Problem> {
    notes.iter().map(|note| shown(call, note)).collect()
}
