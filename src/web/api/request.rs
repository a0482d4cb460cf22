//! What a handler takes in: who calls, and the fields they sent.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use super::fields::Fields;
use crate::{
    app::actors,
    domain::{
        access::Actor,
        problem::{Code, Problem},
    },
    web::WebState,
};

/// The program that calls, known by its API token. It stands first among a handler's arguments, so that a stranger
/// learns nothing of what else is wrong.
#[derive(Debug)]
pub struct Caller(pub Actor);

impl FromRequestParts<WebState> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Response> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let found = match token {
            Some(token) => actors::bearer(&state.app, token).await,
            None => Err(Problem::unauthorized()),
        };
        match found {
            Ok((_, actor)) => match state.app.limits.asks(&actor) {
                Ok(()) => Ok(Self(actor)),
                Err(problem) => Err(problem.into_response()),
            },
            Err(problem) if problem.code == Code::Unauthorized => {
                let problem = Problem::new(Code::Unauthorized, "Send a valid API token: Authorization: Bearer TOKEN.");
                Err(([(header::WWW_AUTHENTICATE, "Bearer")], problem).into_response())
            }
            Err(problem) => Err(problem.into_response()),
        }
    }
}

/// The fields of a body.
#[derive(Debug)]
pub struct Sent(pub Fields);

impl FromRequest<WebState> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = kind.is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        let bytes = bytes(request, state).await?;
        if !is_json && !bytes.is_empty() {
            return Err(Problem::new(Code::Invalid, "Send JSON, with Content-Type: application/json."));
        }
        Fields::of_body(&bytes).map(Self)
    }
}

/// A body as it came.
///
/// # Errors
/// `too_large` over the address's limit, `invalid` when it was cut off.
pub async fn bytes(request: Request, state: &WebState) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        let too_large = rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        let code = if too_large { Code::TooLarge } else { Code::Invalid };
        Problem::new(code, "What was sent is too large, or was cut off on its way.")
    })
}

/// The fields of the query string.
#[derive(Debug)]
pub struct Asked(pub Fields);

impl FromRequestParts<WebState> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Self, Problem> {
        Fields::of_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}
