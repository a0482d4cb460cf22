//! Proof of life for whatever starts, balances and watches the process.

use std::time::Duration;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use super::WebState;
use crate::app;

/// How long the database may take before the process counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs and answers; nothing else is asked.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// Whether this process can serve people: it is not about to stop, and the database takes writes. Migrations are done
/// before the first connection is taken.
pub async fn ready(State(state): State<WebState>) -> Response {
    if state.is_draining() {
        return not_ready("stopping");
    }
    match timeout(PATIENCE, app::readiness::check(&state.app)).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(problem)) => {
            tracing::warn!(%problem, "not ready");
            not_ready("the database takes no writes")
        }
        Err(_) => not_ready("the database does not answer"),
    }
}

fn not_ready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response()
}
