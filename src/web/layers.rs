//! What is laid around every handler.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Span;

use super::{WebState, csrf, error, leftover};
use crate::{
    clock::random_bytes,
    domain::problem::{Code, Problem},
    telemetry::spans,
};

/// The most bytes of a form or of a request's JSON. An address that takes files says its own.
const BODY_LIMIT: usize = 256 * 1024;
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Names one request in the log and on an error page; random, and tells nothing.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Lays the layers around a router, the first one innermost.
pub fn around(router: Router<WebState>, state: &WebState) -> Router<WebState> {
    router
        .fallback(async || Problem::not_found())
        .layer(from_fn_with_state(state.clone(), csrf::layer))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(error::layer))
        .layer(from_fn(leftover::layer))
        .layer(from_fn_with_state(Headers::of(state), guard))
        .layer(from_fn_with_state(state.clone(), log))
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Busy, "This took too long. Please try again in a moment.").into_response(),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the signature that the layer asks for")]
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::internal(format!("a handler panicked: {}", said.unwrap_or("it did not say why"))).into_response()
}

/// One line for each request. The path is the route's pattern: it holds no id, no name and no secret.
async fn log(State(state): State<WebState>, mut request: Request, next: Next) -> Response {
    let id = uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string();
    let started = tokio::time::Instant::now();
    let method = known(request.method());
    let path =
        request.extensions().get::<MatchedPath>().map_or("(unknown)".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));
    let is_routine = matches!(path.as_str(), "/livez" | "/readyz" | "/health" | "/metrics" | "/assets/{file}");
    let span = if is_routine { Span::none() } else { spans::request(method, &path, &id) };
    let mut response = next.run(request).await;
    let (code, took) = (response.status(), started.elapsed());
    let status = code.as_u16();
    spans::answered(&span, status);
    drop(span);
    let labels = [method, &path, code.as_str()];
    state.app.metrics.http_requests.with_label_values(&labels).observe(took.as_secs_f64());
    let micros = took.as_micros();
    if is_routine && status < 400 {
        tracing::debug!(method, path, status, micros, request = id, "request");
    } else {
        tracing::info!(method, path, status, micros, request = id, "request");
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// A method's name; strangers can make up any number of them.
fn known(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 7] = [
        (Method::GET, "GET"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::HEAD, "HEAD"),
        (Method::OPTIONS, "OPTIONS"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or("other", |(_, name)| *name)
}

/// The headers that every answer carries.
#[derive(Clone)]
struct Headers {
    policy: HeaderValue,
    is_https: bool,
}

impl Headers {
    fn of(state: &WebState) -> Self {
        let origin = state.origin();
        let sockets = origin.replacen("http", "ws", 1);
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self' {sockets}; font-src 'self'; manifest-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::try_from(policy).expect("an origin is ASCII");
        Self { policy, is_https: state.is_https() }
    }
}

async fn guard(State(headers): State<Headers>, request: Request, next: Next) -> Response {
    const FIXED: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    let mut response = next.run(request).await;
    let set = response.headers_mut();
    for (name, value) in FIXED {
        set.insert(name, HeaderValue::from_static(value));
    }
    set.insert(header::CONTENT_SECURITY_POLICY, headers.policy);
    if headers.is_https {
        set.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    // Private unless its handler says otherwise.
    set.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
