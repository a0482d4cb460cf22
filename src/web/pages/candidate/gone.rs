//! What a candidate is shown whose link leads nowhere any more, and how they come in again.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    app::links::{LinkRefusal, LinkView},
    domain::problem::Problem,
    view::filters,
    web::{csrf::Csrf, page},
};

#[derive(Template)]
#[template(path = "candidate/gone.html")]
struct GonePage<'a> {
    csrf: &'a str,
    title: &'a str,
    why: &'a str,
    ask_action: Option<String>,
    asked: bool,
}

const EXPIRED: (&str, &str) =
    ("This chat link has run out", "A link ends by itself after a long time in which nobody used it.");
const REVOKED: (&str, &str) = (
    "This chat link was ended",
    "The hiring team has ended it, usually because it sent you a newer one: look for that first.",
);
const UNKNOWN: (&str, &str) = (
    "This chat link is not known",
    "Perhaps a part of it is missing. Open it again from the message that it came in, as a whole.",
);
const SIGNED_OUT: (&str, &str) = (
    "Open your chat link again",
    "This browser is not in this chat, or its cookies were cleared. The link in the message from the recruiter brings you back.",
);

/// A link that does not let in.
///
/// # Errors
/// `internal` when the page fails.
pub fn link(view: &LinkView, token: &str, csrf: &Csrf, asked: bool) -> Result<Response, Problem> {
    let (status, (title, why), may_ask) = match view {
        LinkView::Expired(_) => (StatusCode::GONE, EXPIRED, true),
        LinkView::Revoked(_) => (StatusCode::GONE, REVOKED, true),
        LinkView::Live(_) | LinkView::Unknown => (StatusCode::NOT_FOUND, UNKNOWN, false),
    };
    let ask_action = may_ask.then(|| format!("/c/{token}/new"));
    page::show_as(status, &GonePage { csrf: csrf.token(), title, why, ask_action, asked })
}

/// A chat that this browser may not see, or not any more. Its address holds no secret to ask with.
///
/// # Errors
/// `internal` when the page fails, or the refusal's own fault.
pub fn chat(refusal: LinkRefusal, csrf: &Csrf) -> Result<Response, Problem> {
    let (status, (title, why)) = match refusal {
        LinkRefusal::Expired => (StatusCode::GONE, EXPIRED),
        LinkRefusal::Revoked => (StatusCode::GONE, REVOKED),
        LinkRefusal::Unknown => (StatusCode::NOT_FOUND, SIGNED_OUT),
        LinkRefusal::Failed(problem) => return Err(problem),
    };
    page::show_as(status, &GonePage { csrf: csrf.token(), title, why, ask_action: None, asked: false })
}
