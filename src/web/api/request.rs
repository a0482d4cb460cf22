//! What a handler takes in: who calls, what they name, and the fields they sent.

use std::str::FromStr;

use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
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
    web::{WebState, client::ClientAddress},
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
            Some(token) => actors::bearer(&state.app, token, ClientAddress::of(parts, state).whence()).await,
            None => Err(Problem::unauthorized()),
        };
        match found {
            Ok((_, actor)) => match state.app.limits.asks(&actor) {
                Ok(()) => Ok(Self(actor)),
                Err(problem) => Err(problem.into_response()),
            },
            Err(problem) if problem.code == Code::Unauthorized => {
                let problem = Problem::new(Code::Unauthorized, "Send a valid API token: Authorization: Bearer TOKEN.");
                let challenge = if token.is_some() { "Bearer error=\"invalid_token\"" } else { "Bearer" };
                Err(([(header::WWW_AUTHENTICATE, challenge)], problem).into_response())
            }
            Err(problem) => Err(problem.into_response()),
        }
    }
}

/// The one id that the path names.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<T: FromStr> FromRequestParts<WebState> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        // What cannot be read at all, such as bytes that are no UTF-8, is no id either.
        let Ok(named) = RawPathParams::from_request_parts(parts, state).await else {
            return Err(Problem::new(Code::Invalid, "The path names no UUID."));
        };
        let (name, raw) = named.iter().next().ok_or_else(Problem::not_found)?;
        raw.parse().map(Self).map_err(|_| Problem::invalid(name.to_owned(), "This must be a UUID."))
    }
}

/// The fields of a body, where the query says nothing.
#[derive(Debug)]
pub struct Sent(pub Fields);

impl FromRequest<WebState> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        let query = Fields::of_query(request.uri().query().unwrap_or_default());
        query.and_then(Fields::finish).map_err(Problem::into_response)?;
        let bytes = bytes_of(request, state, "application/json").await?;
        Fields::of_body(&bytes).map(Self).map_err(Problem::into_response)
    }
}

/// A body as it came, if it says that it is of that kind; one without content need not say so.
///
/// # Errors
/// `too_large` over the address's limit, `invalid` when it was cut off or is of another kind.
async fn bytes_of(request: Request, state: &WebState, kind: &'static str) -> Result<Bytes, Response> {
    let fits = is_of(request.headers(), kind);
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
        let problem = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge, "What was sent is too large."),
            _ => Problem::new(Code::Invalid, "What was sent was cut off on its way."),
        };
        problem.into_response()
    })?;
    if fits || bytes.is_empty() {
        return Ok(bytes);
    }
    let problem = Problem::new(Code::Invalid, format!("Send this as {kind}, and say so in Content-Type."));
    Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, problem).into_response())
}

fn is_of(headers: &HeaderMap, kind: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind)
}

/// A file of comma-separated values.
#[derive(Debug)]
pub struct Csv(pub Bytes);

impl FromRequest<WebState> for Csv {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        bytes_of(request, state, "text/csv").await.map(Self)
    }
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

/// No fields in the query string, for addresses that ask for nothing more.
#[derive(Debug)]
pub struct Unasked;

impl FromRequestParts<WebState> for Unasked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let Asked(fields) = Asked::from_request_parts(parts, state).await?;
        fields.finish().map(|()| Self)
    }
}
