//! The dashboard: queue, lists, and the open conversation.

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

use super::{
    here::Here,
    list, open,
    templates::{AboutFragment, ConversationFragment, Dashboard, ListFragment},
    write::At,
};
use crate::{
    domain::{ids::ConversationId, problem::Problem},
    web::page,
};

/// What the address asks for; what it says wrongly is left aside.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub view: Option<String>,
    pub project: Option<String>,
    pub label: Option<String>,
    pub assignee: Option<String>,
    pub unread: Option<String>,
    pub limit: Option<i64>,
    pub skip: Option<u32>,
    pub before: Option<i64>,
    pub done: Option<String>,
}

fn fragment(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-fragment").and_then(|value| value.to_str().ok())
}

/// `GET /o/{slug}`
pub async fn show(here: Here, Query(wanted): Query<Wanted>, headers: HeaderMap) -> Result<Response, Problem> {
    let mut frame = here.frame("inbox");
    frame.notice = match wanted.done.as_deref() {
        Some("nothing-waits") => Some("You’re all caught up."),
        Some("erased") => Some("The candidate is erased, with everything that was written."),
        _ => None,
    };
    let list = list::inbox(&here, &wanted, None).await?;
    match fragment(&headers) {
        Some("list") => page::show(&ListFragment { frame, list }),
        Some("conversation") => page::show(&ConversationFragment { frame, list, open: None }),
        _ => page::show(&Dashboard { frame, list, open: None }),
    }
}

/// `GET /o/{slug}/conversations/{id}`
pub async fn conversation(
    here: Here,
    Path(at): Path<At>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Dashboard { frame, list, open } = conversation_page(&here, at.id, &wanted).await?;
    match (fragment(&headers), open) {
        (Some("conversation"), open) => page::show(&ConversationFragment { frame, list, open }),
        (Some("head"), Some(open)) => page::show(&AboutFragment { frame, list, open }),
        (_, open) => page::show(&Dashboard { frame, list, open }),
    }
}

/// The whole page with one conversation open.
pub async fn conversation_page(here: &Here, id: ConversationId, wanted: &Wanted) -> Result<Dashboard, Problem> {
    let open = open::open(here, id, wanted).await?;
    let list = list::inbox(here, wanted, Some(id)).await?;
    Ok(Dashboard { frame: here.frame("inbox"), list, open: Some(open) })
}
