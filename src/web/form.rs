//! Forms of our own pages.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use serde::de::DeserializeOwned;

use super::{
    WebState,
    csrf::{Csrf, FIELD},
};
use crate::domain::problem::{Code, Problem};

/// A form that this browser was shown: its `csrf` field is checked before anything else of it is read. Fields that come
/// several times become a list, as HTML has it.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<WebState> for Form<T> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &WebState) -> Result<Self, Problem> {
        let csrf = request.extensions().get::<Csrf>().cloned();
        let csrf = csrf.ok_or_else(|| Problem::internal("the CSRF layer is missing"))?;
        let body = std::mem::replace(request.body_mut(), Body::empty());
        let bytes = bytes::Bytes::from_request(request_with(&request, body), state).await.map_err(|rejection| {
            let too_large = rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
            let code = if too_large { Code::TooLarge } else { Code::Invalid };
            Problem::new(code, "What was sent is too large, or was cut off on its way.")
        })?;
        let field = url::form_urlencoded::parse(&bytes).find(|(name, _)| name == FIELD).map(|(_, value)| value);
        csrf.verify(field.as_deref())?;
        let rest = Body::from(without_csrf(&bytes));
        let fields = axum_extra::extract::Form::<T>::from_request(request_with(&request, rest), state);
        let axum_extra::extract::Form(form) =
            fields.await.map_err(|_| Problem::new(Code::Invalid, "The form is not complete. Open the page again."))?;
        Ok(Self(form))
    }
}

/// A form that was sent before and then filled in again, as after the browser's Back: its `client_id` stands for the first
/// text, so that the second one would be lost without a word. It is given back with a new id.
#[must_use]
pub fn was_sent_before() -> Problem {
    Problem::new(Code::Conflict, "This page had sent another text already. Send once more to send this one.")
}

/// The form without the field that every form has, so that each can refuse what it does not know.
fn without_csrf(form: &[u8]) -> Vec<u8> {
    let is_csrf = |pair: &&[u8]| url::form_urlencoded::parse(pair).any(|(name, _)| name == FIELD);
    form.split(|byte| *byte == b'&').filter(|pair| !is_csrf(pair)).collect::<Vec<_>>().join(&b'&')
}

/// The same request with that body; a body's limit travels in the extensions.
fn request_with(request: &Request, body: Body) -> Request {
    let mut copy = Request::new(body);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    copy
}
