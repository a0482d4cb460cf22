//! `/metrics`, for Prometheus.

use std::net::IpAddr;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq;

use super::{WebState, client::ClientAddress};
use crate::{domain::problem::Problem, monitor};

/// What a proxy adds to a request that came from somewhere else. Where it stands, being asked from this machine says
/// nothing about who asks.
const PASSED_ON: [HeaderName; 3] =
    [header::FORWARDED, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// Everything that is counted, for whoever asks from this machine or shows the token of the setting `metrics_token`.
///
/// 401 for everybody else.
///
/// # Errors
/// The store cannot be read.
pub async fn show(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !is_operators(&state, address, &headers) {
        let how = [(header::WWW_AUTHENTICATE, "Bearer")];
        return Ok((StatusCode::UNAUTHORIZED, how, "Show the token of the setting metrics_token.\n").into_response());
    }
    let text = monitor::metrics::render(&state.app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// Whether a request comes from this machine itself or shows the token of the setting `metrics_token`.
pub(super) fn is_operators(state: &WebState, address: IpAddr, headers: &HeaderMap) -> bool {
    let is_passed_on = PASSED_ON.iter().any(|name| headers.contains_key(name));
    (address.is_loopback() && !is_passed_on) || shows_token(state, headers)
}

fn shows_token(state: &WebState, headers: &HeaderMap) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    match (shown, &state.metrics_token) {
        (Some((_, token)), Some(wanted)) => token.trim().as_bytes().ct_eq(wanted.as_bytes()).into(),
        _ => false,
    }
}
