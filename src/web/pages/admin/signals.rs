//! What operators do about alerts and servers.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{Nothing, overview::answer};
use crate::{
    app::{alerts, nodes},
    domain::{ids::AlertId, problem::Problem},
    web::{WebState, csrf::Csrf, form::Form, session::OperatorSession},
};

/// `POST /admin/alerts/{alert}/acknowledge`
pub async fn acknowledge(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(alert): Path<AlertId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let by = operator.signed_in.user.name.clone();
    let done = alerts::acknowledge(&state.app, operator.operator, by, alert).await.map(|()| "acknowledged");
    answer(&state, &operator, &csrf, done).await
}

/// `POST /admin/servers/{node}/forget`
pub async fn forget(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(node): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = nodes::forget(&state.app, operator.operator, &node).await.map(|()| "forgotten");
    answer(&state, &operator, &csrf, done).await
}
