//! What a request passes before it is routed, and a socket's connection before it reaches the sockets' own door.
//!
//! It is refused here over HTTP, with 429, and not with a `CONNECT_ERROR`: after the one official clients try again by
//! themselves, after the other they give up.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};

use super::{WebState, client::ClientAddress, error};
use crate::domain::{
    access::Whence,
    problem::{Code, Problem},
};

/// Where the sockets' door is.
const PATH: &str = "/socket.io";

/// How long a packet may take that comes by long polling.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lays the check around a router in which the sockets' door is already.
pub fn around(router: Router, state: &WebState) -> Router {
    router.layer(from_fn_with_state(state.clone(), pass)).layer(from_fn(require_host))
}

/// HTTP/1.1 has exactly one `Host` (RFC 9112 §3.2): where there are two, a proxy may have gone by the other one.
async fn require_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return refusal(&Problem::new(Code::Invalid, "The request needs exactly one Host header."));
    }
    next.run(request).await
}

/// The version of the WebSocket protocol (RFC 6455).
const WEBSOCKET_VERSION: HeaderValue = HeaderValue::from_static("13");

/// Whether a WebSocket of another version is asked for.
fn is_other_websocket(request: &Request) -> bool {
    let headers = request.headers();
    headers.contains_key(header::UPGRADE)
        && headers.get_all(header::SEC_WEBSOCKET_VERSION).iter().any(|version| version != WEBSOCKET_VERSION)
}

/// Names the version that is understood (RFC 6455 §4.2.2).
fn upgrade_required() -> Response {
    let headers = [
        (header::SEC_WEBSOCKET_VERSION, WEBSOCKET_VERSION),
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::CONNECTION, HeaderValue::from_static("upgrade")),
    ];
    (StatusCode::UPGRADE_REQUIRED, headers).into_response()
}

async fn pass(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    if !request.uri().path().starts_with(PATH) {
        return next.run(request).await;
    }
    if is_other_websocket(&request) {
        return upgrade_required();
    }
    let is_new = !request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("sid=")));
    if is_new && let Err(problem) = state.app.limits.connects(address) {
        return refusal(&problem);
    }
    let mut request = with_own_head(request);
    request.extensions_mut().insert(Arc::new(state.app.limits.knocks()));
    request.extensions_mut().insert(Whence::Address(address));
    let mut response = if request.method() == Method::POST {
        match tokio::time::timeout(PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => refusal(&Problem::new(Code::Busy, "The packet did not come in time.")),
        }
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the sockets' door reads of a request's head.
const READ: [HeaderName; 10] = [
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::ORIGIN,
    header::COOKIE,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("x-requested-with"),
];

/// The library keeps a request's head for as long as the socket lives, and every value in it is a piece of the 8 KiB into
/// which the connection was read. Copies of the few that count let those go.
fn with_own_head(request: Request) -> Request {
    let (mut parts, body) = request.into_parts();
    let given = READ.iter().map(|name| parts.headers.get_all(name).iter().count()).sum();
    let mut headers = HeaderMap::with_capacity(given);
    for name in &READ {
        for value in parts.headers.get_all(name) {
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("it was one"));
        }
    }
    parts.headers = headers;
    parts.uri = parts.uri.to_string().parse().expect("it was one");
    // Routing has kept the address as it came in, too.
    parts.extensions.remove::<OriginalUri>();
    Request::from_parts(parts, body)
}

fn refusal(problem: &Problem) -> Response {
    error::as_json(error::status(problem.code), problem, "")
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Uri};
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_head_that_is_kept_holds_nothing_of_what_it_was_read_into() {
        let buffer = Bytes::from(b"/socket.io/?EIO=4 https://here.example".to_vec());
        let uri = Uri::from_maybe_shared(buffer.slice(..17)).unwrap();
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(OriginalUri(uri.clone()));
        *request.uri_mut() = uri;
        let origin = HeaderValue::from_maybe_shared(buffer.slice(18..)).unwrap();
        request.headers_mut().insert(header::ORIGIN, origin);
        assert!(!buffer.is_unique(), "pieces of it");
        let kept = with_own_head(request);
        assert!(buffer.is_unique(), "none is left");
        assert_eq!(kept.uri(), "/socket.io/?EIO=4");
        assert_eq!(kept.headers()[header::ORIGIN], "https://here.example");
    }
}
