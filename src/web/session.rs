//! Who sends a request: cookies, and the extractors that turn them into people.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts, Path},
    http::request::Parts,
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;

use super::{WebState, client::ClientAddress};
use crate::{
    app::{
        App, actors,
        links::{self, Left, LinkRefusal},
        sessions,
    },
    domain::{
        access::{Actor, CandidateActor, Operator, Whence},
        ids::ConversationId,
        link::Secret,
        organization::Organization,
        problem::Problem,
    },
};

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

/// A cookie that outlives the browser's window, for people who come back from a message in their telephone.
#[must_use]
pub fn lasting_cookie(state: &WebState, name: &str, secret: &Secret) -> Cookie<'static> {
    let plain = cookie(state, name, secret);
    let seconds = state.app.settings.link_lifetime.num_seconds();
    Cookie::parse(format!("{plain}; Max-Age={seconds}")).unwrap_or(plain)
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

/// Who is signed in. As an optional argument it finds nobody where nobody is.
#[derive(Clone, Debug)]
pub struct SignedIn(pub sessions::SignedIn);

async fn resume(parts: &Parts, state: &WebState) -> Result<Option<sessions::SignedIn>, Problem> {
    let jar = CookieJar::from_headers(&parts.headers);
    match read(&jar, state, USER_COOKIE) {
        Some(secret) => sessions::resume(&state.app, &secret, ClientAddress::of(parts, state).whence()).await,
        None => Ok(None),
    }
}

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        resume(parts, state).await?.map(Self).ok_or_else(Problem::unauthorized)
    }
}

impl OptionalFromRequestParts<WebState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Option<Self>, Problem> {
        Ok(resume(parts, state).await?.map(Self))
    }
}

/// A signed-in user in the organization whose `{slug}` stands in the path.
#[derive(Clone, Debug)]
pub struct InOrganization {
    /// Who is signed in.
    pub signed_in: sessions::SignedIn,
    /// The organization.
    pub organization: Organization,
    /// The user as a member of it.
    pub actor: Actor,
}

#[derive(Deserialize)]
struct SlugInPath {
    slug: String,
}

impl FromRequestParts<WebState> for InOrganization {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let signed_in = resume(parts, state).await?.ok_or_else(Problem::unauthorized)?;
        let path = <Path<SlugInPath> as FromRequestParts<_>>::from_request_parts(parts, state).await;
        let Path(SlugInPath { slug }) = path.map_err(|_| Problem::not_found())?;
        let (organization, actor) = actors::member(&signed_in, &slug)?;
        state.app.limits.asks(&actor)?;
        Ok(Self { signed_in, organization, actor })
    }
}

/// An operator who is signed in.
#[derive(Clone, Debug)]
pub struct OperatorSession {
    /// Who is signed in.
    pub signed_in: sessions::SignedIn,
    /// The proof that use cases ask for.
    pub operator: Operator,
}

impl FromRequestParts<WebState> for OperatorSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let signed_in = resume(parts, state).await?.ok_or_else(Problem::unauthorized)?;
        let operator = Operator::of(&signed_in.user, signed_in.whence)?;
        Ok(Self { signed_in, operator })
    }
}

/// The candidate's cookie, whoever it stands for: that is found for one conversation at a time.
#[derive(Debug)]
pub struct CandidateCookie(Option<Secret>);

impl FromRequestParts<WebState> for CandidateCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Infallible> {
        Ok(Self(read(&CookieJar::from_headers(&parts.headers), state, CHAT_COOKIE)))
    }
}

impl CandidateCookie {
    /// The candidate of a conversation.
    ///
    /// # Errors
    /// Why this browser may not see it.
    pub async fn candidate(&self, app: &App, conversation: ConversationId) -> Result<CandidateActor, LinkRefusal> {
        let secret = self.0.as_ref().ok_or(LinkRefusal::Unknown)?;
        let candidate = links::candidate_by_session(app, secret, conversation).await?;
        app.limits.asks(&Actor::Candidate(candidate.clone()))?;
        Ok(candidate)
    }

    /// Signs the candidate of a conversation out in this browser.
    ///
    /// # Errors
    /// This browser is not in the conversation.
    pub async fn leave(&self, app: &App, conversation: ConversationId, whence: Whence) -> Result<Left, LinkRefusal> {
        let secret = self.0.as_ref().ok_or(LinkRefusal::Unknown)?;
        links::leave(app, secret, conversation, whence).await
    }
}
