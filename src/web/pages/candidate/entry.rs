//! The chat link: who writes and why, and the way in. Looking changes nothing, since mail scanners and link previews
//! look too.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::gone;
use crate::{
    app::links::{self, Device, LinkView},
    domain::{
        problem::{Code, Problem},
        project::ProjectStatus,
        text::Name,
    },
    view::filters,
    web::{
        WebState,
        client::ClientAddress,
        csrf::Csrf,
        form::Form,
        page,
        session::{self, CHAT_COOKIE},
    },
};

#[derive(Template)]
#[template(path = "candidate/entry.html")]
struct EntryPage<'a> {
    csrf: &'a str,
    organization: &'a Name,
    project: &'a Name,
    with: &'a Name,
    closed: bool,
    action: String,
}

/// `GET /c/{token}`
pub async fn show(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    csrf: Csrf,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    match links::look(&state.app, &token, address).await? {
        LinkView::Live(linked) => page::show(&EntryPage {
            csrf: csrf.token(),
            organization: &linked.organization.name,
            project: &linked.project_name,
            with: &linked.issued_by,
            closed: linked.project_status == ProjectStatus::Closed,
            action: format!("/c/{token}"),
        }),
        dead => gone::link(&dead, &token, &csrf, false),
    }
}

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entering {
    #[serde(default)]
    shared_device: bool,
}

/// The form has nothing to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /c/{token}`
pub async fn enter(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    csrf: Csrf,
    jar: CookieJar,
    Path(token): Path<String>,
    Form(form): Form<Entering>,
) -> Result<Response, Problem> {
    let cookie = session::read(&jar, &state, CHAT_COOKIE);
    let device = if form.shared_device { Device::Shared } else { Device::Own };
    match links::enter(&state.app, &token, cookie, device, address).await {
        Ok((secret, conversation)) => {
            let jar = CookieJar::new().add(match device {
                Device::Own => session::lasting_cookie(&state, CHAT_COOKIE, &secret),
                Device::Shared => session::cookie(&state, CHAT_COOKIE, &secret),
            });
            Ok((jar, Redirect::to(&format!("/chat/{conversation}"))).into_response())
        }
        Err(problem) if problem.code == Code::NotFound => {
            let dead = links::look(&state.app, &token, address).await?;
            gone::link(&dead, &token, &csrf, false)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /c/{token}/new`
pub async fn ask_for_new(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    csrf: Csrf,
    Path(token): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    match links::ask_for_new(&state.app, &token, address).await {
        // Somebody who presses twice has asked.
        Ok(()) => {}
        Err(problem) if problem.code == Code::RateLimited => {}
        // It works again, or never did: its own page says so.
        Err(problem) if matches!(problem.code, Code::Conflict | Code::NotFound) => {
            return Ok(Redirect::to(&format!("/c/{token}")).into_response());
        }
        Err(problem) => return Err(problem),
    }
    let dead = links::look(&state.app, &token, address).await?;
    gone::link(&dead, &token, &csrf, true)
}
