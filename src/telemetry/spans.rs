//! What is told by OTLP: a span for each request, socket request, commit and job.
//!
//! They go to a collector and nowhere else; where none is set they cost nothing. All that they hold is named here, and it is
//! what the log may hold, too: no body, name, address or token.

use std::fmt::Display;

use tracing::{Span, field::Empty, info_span};

/// A request by HTTP; `route` is the pattern, `id` stands in the log and in an error page.
pub fn request(method: &'static str, route: &str, id: &str) -> Span {
    info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request = id,
    )
}

/// A request has been answered.
pub fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A socket's request; its event and outcome are told [at its end](ended).
pub fn socket_request(organization: Option<impl Display>, actor_kind: &'static str, socket: impl Display) -> Span {
    info_span!(
        "socket request",
        otel.name = Empty,
        otel.kind = "server",
        otel.status_code = Empty,
        organization = organization.map(display),
        actor_kind,
        socket = %socket,
        outcome = Empty,
    )
}

/// A transaction of the committer, with so many changes.
pub fn commit(changes: usize) -> Span {
    info_span!("commit", otel.status_code = Empty, changes, outcome = Empty)
}

/// A try of a job.
pub fn job(kind: &'static str, id: impl Display, tries: i64) -> Span {
    info_span!("job", otel.name = format!("job {kind}"), otel.status_code = Empty, job = %id, tries, outcome = Empty)
}

/// It came out so; `failed` where that is a fault and no refusal.
pub fn ended(span: &Span, outcome: &str, failed: bool) {
    span.record("outcome", outcome);
    if failed {
        span.record("otel.status_code", "ERROR");
    }
}
