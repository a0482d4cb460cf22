//! `announcement:post` and `announcement:history`.

use super::{
    ack::{Answer, Outcome, Shown},
    events::{AnnouncementHistory, PostAnnouncement},
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

/// `announcement:post`
pub async fn post(call: Call<'_>, request: PostAnnouncement) -> Outcome {
    let posted = app::announcements::post(
        &call.hub.app,
        call.live.actor()?,
        app::announcements::PostAnnouncement {
            project: request.project,
            client_id: request.client_id,
            body: request.body,
            origin: Some(SocketId(call.socket.id.to_string())),
        },
    )
    .await?;
    Answer::done()
        .with("announcement", Shown::to(call.live, &posted.announcement, view::announcement::html)?)?
        .with("duplicate", posted.duplicate)
}

/// `announcement:history`
pub async fn history(call: Call<'_>, request: AnnouncementHistory) -> Outcome {
    let stretch = Stretch::After(request.after_seq.map_or(0, |position| position.0));
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let page = app::announcements::history(&call.hub.app, call.live.actor()?, request.project, stretch, limit).await?;
    Answer::done()
        .with("announcements", Shown::all(call.live, &page.items, view::announcement::html)?)?
        .with("last_seq", page.last_seq)?
        .with("has_more", page.has_more)
}
