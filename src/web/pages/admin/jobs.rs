//! What operators do with jobs that went wrong.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{Nothing, overview::answer};
use crate::{
    app::jobs,
    domain::{ids::JobId, problem::Problem},
    web::{WebState, csrf::Csrf, form::Form, session::OperatorSession},
};

/// `POST /admin/jobs/{job}/retry`
pub async fn retry(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(job): Path<JobId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = jobs::retry(&state.app, operator.operator, job).await.map(|()| "job-retried");
    answer(&state, &operator, &csrf, done).await
}

/// `POST /admin/jobs/{job}/discard`
pub async fn discard(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(job): Path<JobId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = jobs::discard(&state.app, operator.operator, job).await.map(|()| "job-discarded");
    answer(&state, &operator, &csrf, done).await
}
