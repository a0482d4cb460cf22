//! What operators do with users and their sessions.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    Nothing,
    overview::{Told, answer, render},
};
use crate::{
    app::{sessions, users},
    domain::{
        ids::{OrganizationId, SessionId, UserId},
        link::Secret,
        problem::Problem,
        text::Name,
        user::{Email, Role},
    },
    web::{WebState, csrf::Csrf, form::Form, session::OperatorSession},
};

/// A new one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    email: String,
    name: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    role: String,
    operator: Option<String>,
}

impl New {
    fn parse(&self) -> Result<users::NewUser, Problem> {
        let membership = if self.organization.is_empty() {
            None
        } else {
            let organization: OrganizationId = self.organization.parse().map_err(|_| Problem::not_found())?;
            Some((organization, Role::parse(&self.role)?))
        };
        Ok(users::NewUser {
            email: Email::parse("email", &self.email)?,
            name: Name::parse("name", &self.name)?,
            operator: self.operator.is_some(),
            password: None,
            membership,
        })
    }
}

/// `POST /admin/users`
pub async fn create(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Form(form): Form<New>,
) -> Result<Response, Problem> {
    let act = async { users::create(&state.app, operator.operator, form.parse()?).await };
    match act.await {
        Ok(created) => show_invitation(&state, &operator, &csrf, "The user was created.", created.invitation).await,
        Err(problem) => answer(&state, &operator, &csrf, Err(problem)).await,
    }
}

/// `POST /admin/users/{user}/invite`
pub async fn invite(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(user): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    match users::invite(&state.app, operator.operator, user).await {
        Ok(secret) => show_invitation(&state, &operator, &csrf, "There is a new invitation.", Some(secret)).await,
        Err(problem) => answer(&state, &operator, &csrf, Err(problem)).await,
    }
}

/// The address is in no redirect, since it would stay in the browser's history.
async fn show_invitation(
    state: &WebState,
    operator: &OperatorSession,
    csrf: &Csrf,
    notice: &'static str,
    secret: Option<Secret>,
) -> Result<Response, Problem> {
    let base = state.app.settings.public_url.as_str().trim_end_matches('/');
    let invitation = secret.map(|secret| format!("{base}/setup/{}", secret.expose()));
    render(state, operator, csrf, Told { notice: Some(notice), problem: None, invitation }).await
}

/// `POST /admin/users/{user}/remove`
pub async fn remove(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(user): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = users::remove(&state.app, operator.operator, user).await.map(|()| "user-removed");
    answer(&state, &operator, &csrf, done).await
}

/// `POST /admin/users/{user}/restore`
pub async fn restore(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(user): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = users::restore(&state.app, operator.operator, user).await.map(|()| "user-restored");
    answer(&state, &operator, &csrf, done).await
}

/// `POST /admin/sessions/{session}/end`
pub async fn end_session(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(session): Path<SessionId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = sessions::end_any(&state.app, operator.operator, session).await.map(|()| "ended");
    answer(&state, &operator, &csrf, done).await
}
