//! Leaving a chat on one device.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::gone;
use crate::{
    app::links::Left,
    domain::{access::Whence, ids::ConversationId, problem::Problem},
    web::{
        WebState,
        client::ClientAddress,
        csrf::Csrf,
        form::Form,
        page,
        session::{self, CHAT_COOKIE, CandidateCookie},
    },
};

/// The form has nothing to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /chat/{conversation}/leave`
pub async fn leave(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    cookie: CandidateCookie,
    csrf: Csrf,
    Path(conversation): Path<ConversationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let to = Redirect::to("/left");
    match cookie.leave(&state.app, conversation, Whence::Address(address)).await {
        Ok(Left::Others) => Ok(to.into_response()),
        Ok(Left::Nothing) => Ok((CookieJar::new().add(session::removal(&state, CHAT_COOKIE)), to).into_response()),
        Err(refusal) => gone::chat(refusal, &csrf),
    }
}

#[derive(Template)]
#[template(path = "candidate/left.html")]
struct LeftPage;

/// `GET /left`
pub async fn show() -> Result<Response, Problem> {
    page::show(&LeftPage)
}
