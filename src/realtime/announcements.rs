//! `announcement:post` and `announcement:history`.

use serde_json::Value;

use super::{
    ack::{Answer, Outcome},
    events::{AnnouncementHistory, PostAnnouncement},
    request::Call,
};
use crate::{
    app,
    domain::{
        announcement::Announcement,
        event::SocketId,
        page::{Limit, Stretch},
        problem::Problem,
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
    Answer::done().with("announcement", shown(call, &posted.announcement)?)?.with("duplicate", posted.duplicate)
}

/// `announcement:history`
pub async fn history(call: Call<'_>, request: AnnouncementHistory) -> Outcome {
    let stretch = Stretch::After(request.after_seq.map_or(0, |position| position.0));
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let page = app::announcements::history(&call.hub.app, call.live.actor()?, request.project, stretch, limit).await?;
    let announcements = page.items.iter().map(|item| shown(call, item)).collect::<Result<Vec<_>, _>>()?;
    Answer::done()
        .with("announcements", announcements)?
        .with("last_seq", page.last_seq)?
        .with("has_more", page.has_more)
}

fn shown(call: Call<'_>, announcement: &Announcement) -> Result<Value, Problem> {
    let mut json = serde_json::to_value(announcement).map_err(Problem::internal)?;
    if call.live.html {
        json["html"] = Value::String(view::announcement::html(announcement)?);
    }
    Ok(json)
}
