//! Who sends a request: cookies, and the extractors that turn them into people.

use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};

use super::WebState;
use crate::domain::link::Secret;

/// The cookie of a signed-in user, without the prefix that it has on https.
pub const USER_COOKIE: &str = "hearback_session";
/// The cookie of a candidate, without the prefix that it has on https.
pub const CHAT_COOKIE: &str = "hearback_chat";

/// A cookie's secret. On https only the name counts that no other host can set.
#[must_use]
pub fn read(jar: &CookieJar, state: &WebState, name: &str) -> Option<Secret> {
    jar.get(&full_name(state, name)).and_then(|cookie| Secret::parse(cookie.value()))
}

/// A cookie that lasts until the browser is closed; how long it is good for, the store knows.
#[must_use]
pub fn cookie(state: &WebState, name: &str, secret: &Secret) -> Cookie<'static> {
    let mut cookie = base(state, name);
    cookie.set_value(secret.expose().to_owned());
    cookie
}

/// Takes a cookie back.
#[must_use]
pub fn removal(state: &WebState, name: &str) -> Cookie<'static> {
    let mut cookie = base(state, name);
    cookie.make_removal();
    cookie
}

fn full_name(state: &WebState, name: &str) -> String {
    if state.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

fn base(state: &WebState, name: &str) -> Cookie<'static> {
    Cookie::build(full_name(state, name))
        .path("/")
        .http_only(true)
        .secure(state.is_https())
        .same_site(SameSite::Lax)
        .build()
}
