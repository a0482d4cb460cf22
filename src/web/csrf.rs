//! Proof that a form was sent from one of our own pages.
//!
//! A random secret lives in a cookie of the browser; every form carries what is derived from it in the hidden field
//! `csrf`. A foreign site can send the cookie along, but neither read nor set it (`__Host-` on https), so it cannot
//! write the field. A foreign `Origin` is refused before that, for every method that changes something.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{Method, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{WebState, session};
use crate::domain::{
    link::Secret,
    problem::{Code, Problem},
};

/// The cookie's name, without the prefix that it has on https.
const COOKIE: &str = "hearback_csrf";
/// The hidden field's name.
pub const FIELD: &str = "csrf";

/// What this browser's forms carry.
#[derive(Clone, Debug)]
pub struct Csrf {
    token: String,
    used: Arc<AtomicBool>,
}

impl Csrf {
    fn of(secret: &Secret) -> Self {
        let digest = Sha256::new().chain_update("hearback form ").chain_update(secret.expose()).finalize();
        Self { token: URL_SAFE_NO_PAD.encode(digest), used: Arc::default() }
    }

    /// The field's value. A browser that is shown it is given the cookie too.
    #[must_use]
    pub fn token(&self) -> &str {
        self.used.store(true, Ordering::Relaxed);
        &self.token
    }

    /// Compares what a form carried.
    ///
    /// # Errors
    /// `forbidden` when it is not this browser's.
    pub fn verify(&self, field: Option<&str>) -> Result<(), Problem> {
        let same = field.is_some_and(|field| field.as_bytes().ct_eq(self.token.as_bytes()).into());
        if same {
            Ok(())
        } else {
            Err(Problem::new(
                Code::Forbidden,
                "This form was opened too long ago, or the browser keeps no cookies. Open the page again and send it once more.",
            ))
        }
    }
}

impl FromRequestParts<WebState> for Csrf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(|| Problem::internal("the CSRF layer is missing"))
    }
}

/// Gives every request its [`Csrf`], refuses foreign origins, and sets the cookie where a form was shown.
pub async fn layer(State(state): State<WebState>, mut request: Request, next: Next) -> Response {
    if let Err(problem) = refuse_foreign(&state, &request) {
        return problem.into_response();
    }
    let jar = CookieJar::from_headers(request.headers());
    let known = session::read(&jar, &state, COOKIE);
    let is_new = known.is_none();
    let secret = known.unwrap_or_else(|| state.app.clock.new_secret());
    let csrf = Csrf::of(&secret);
    request.extensions_mut().insert(csrf.clone());
    let response = next.run(request).await;
    if is_new && csrf.used.load(Ordering::Relaxed) {
        return (CookieJar::new().add(session::cookie(&state, COOKIE, &secret)), response).into_response();
    }
    response
}

fn refuse_foreign(state: &WebState, request: &Request) -> Result<(), Problem> {
    // Programs bring no cookies, so nothing can be sent in a person's name there.
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || request.uri().path().starts_with("/api/")
    {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let own = state.origin();
    let foreign = match header("origin") {
        // Our pages send no referrer, and browsers then write "null" on a form's POST.
        Some("null") => !matches!(header("sec-fetch-site"), None | Some("same-origin")),
        Some(origin) => origin != own,
        None => header("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none"),
    };
    if foreign {
        return Err(Problem::new(
            Code::Forbidden,
            format!("This form came from another address. Open Hearback at {own} and try again."),
        ));
    }
    Ok(())
}
