//! Proof of life for whatever starts, balances and watches the process.

use std::time::Duration;

use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::{WebState, client::ClientAddress, metrics, session::OperatorSession};
use crate::{
    app,
    domain::health::{Reading, Status},
    monitor::checks::{self, Found},
};

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

/// Every check with the worst that it has found, as `application/health+json`
/// (<https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06>); 503 where one fails.
///
/// Disk space, version and queue are for operators: a request from this machine, with the metrics token, or of an operator who is
/// signed in. All others get the status alone.
pub async fn report(State(state): State<WebState>, ClientAddress(address): ClientAddress, parts: Parts) -> Response {
    let found = checks::all(&state.monitor).await;
    let status = checks::worst(&found);
    if !metrics::is_operators(&state, address, &parts.headers) && !is_operator_signed_in(&state, parts).await {
        return answer(status, &json!({ "status": status }));
    }
    let time = state.app.clock.now();
    let named = found.iter().filter_map(|(check, found)| {
        let described = match found {
            Found::Readings(readings) => described(readings.iter().max_by_key(|reading| reading.status)?, &time),
            Found::Nothing => return None,
            Found::Failed(_) => {
                json!({ "status": Status::Warn, "time": time, "output": "This could not be looked at." })
            }
        };
        Some((check.as_str().to_owned(), json!([described])))
    });
    let body = json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Hearback",
        "checks": named.collect::<Map<String, Value>>(),
    });
    answer(status, &body)
}

async fn is_operator_signed_in(state: &WebState, mut parts: Parts) -> bool {
    let session = timeout(PATIENCE, OperatorSession::from_request_parts(&mut parts, state)).await;
    matches!(session, Ok(Ok(_)))
}

fn answer(status: Status, body: &Value) -> Response {
    let code = if status == Status::Fail { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (code, [(header::CONTENT_TYPE, "application/health+json")], body.to_string()).into_response()
}

fn described(reading: &Reading, time: &impl serde::Serialize) -> Value {
    json!({
        "status": reading.status,
        "observedValue": reading.value,
        "observedUnit": reading.unit,
        "threshold": { "warn": reading.warns_at, "fail": reading.fails_at },
        "time": time,
        "output": format!("{} {}", reading.sentence, reading.remedy).trim_end(),
    })
}

fn not_ready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response()
}
