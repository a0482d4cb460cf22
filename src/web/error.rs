//! How a [`Problem`] looks over HTTP: a page for people, `application/problem+json` (RFC 9457) for programs.
//!
//! Handlers return a `Problem`; [`layer`] alone decides how it is shown, because it knows who asks. What axum refuses by
//! itself (no such address, a parameter that is no id) comes out in the same form.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{
    layers::RequestId,
    page::{self, return_to_query},
};
use crate::domain::problem::{Code, Problem};

/// The status of a code.
#[must_use]
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid => StatusCode::BAD_REQUEST,
        Code::Unauthorized => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Conflict | Code::ClaimedByOther | Code::ClaimLost | Code::ProjectClosed | Code::SlotTaken => {
            StatusCode::CONFLICT
        }
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Busy | Code::ReadOnly => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (status(self.code), Extension(Arc::new(self))).into_response()
    }
}

/// Who asked, and how the answer may look.
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    reference: String,
}

/// Gives every refusal and fault its form.
pub async fn layer(request: Request, next: Next) -> Response {
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
        headers: request.headers().clone(),
        reference: request.extensions().get().map_or_else(String::new, |RequestId(id)| id.clone()),
    };
    let response = next.run(request).await;
    let problem = response.extensions().get::<Arc<Problem>>().cloned();
    match problem.or_else(|| by_status(&response).map(Arc::new)) {
        Some(problem) => asked.answer(&problem, response),
        None => response,
    }
}

/// What axum has refused by itself: it answers in plain text.
fn by_status(response: &Response) -> Option<Problem> {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.is_some_and(|kind| !kind.starts_with("text/plain")) {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Problem::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(Code::Invalid, "This address does not do that.")),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::new(Code::TooLarge, "That is too large.")),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            Some(Problem::new(Code::Invalid, "The request does not have the form that this address understands."))
        }
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::internal("a handler answered 500 without a cause")),
        _ => None,
    }
}

impl Asked {
    #[allow(clippy::needless_pass_by_value, reason = "the answer takes the place of the response")]
    fn answer(&self, problem: &Problem, response: Response) -> Response {
        if problem.code == Code::Internal {
            tracing::error!(reference = %self.reference, cause = problem.cause(), "a request failed");
        }
        let status = response.status();
        let mut answer = if self.uri.path().starts_with("/api/") {
            as_json(status, problem, &self.reference)
        } else if self.may_sign_in(problem) {
            return Redirect::to(&format!("/sign-in{}", return_to_query(&self.uri))).into_response();
        } else {
            page::problem(status, problem, &self.reference)
        };
        answer.headers_mut().extend(keep(response.headers()));
        say_when(&mut answer, problem);
        answer
    }

    /// A page that somebody opened without being signed in: signing in leads there.
    fn may_sign_in(&self, problem: &Problem) -> bool {
        problem.code == Code::Unauthorized && self.method == Method::GET && !self.headers.contains_key("x-fragment")
    }
}

/// A problem for programs. The reference is the id under which the request stands in the log.
#[must_use]
pub fn as_json(status: StatusCode, problem: &Problem, reference: &str) -> Response {
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "code": problem.code.as_str(),
        "detail": problem.message,
    });
    if let Some(field) = &problem.field {
        body["field"] = json!(field);
    }
    if let Some(wait) = problem.retry_after {
        body["retry_after_ms"] = json!(wait.as_millis());
    }
    if !reference.is_empty() {
        body["reference"] = json!(reference);
    }
    if problem.code == Code::Internal {
        body["detail"] = json!(format!("{} Reference: {reference}", problem.message));
    }
    let mut response = (status, Json(body)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    say_when(&mut response, problem);
    response
}

/// Says when the next try can succeed, where that is known.
pub fn say_when(response: &mut Response, problem: &Problem) {
    if let Some(wait) = problem.retry_after {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
}

/// What the refusing layer had to say besides: cookies, `Allow`, `WWW-Authenticate`.
fn keep(headers: &HeaderMap) -> HeaderMap {
    let kept = [header::SET_COOKIE, header::ALLOW, header::WWW_AUTHENTICATE];
    headers.iter().filter(|(name, _)| kept.contains(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}
