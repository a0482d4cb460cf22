//! Signing in and out, and where `/` leads.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::{
    app::sessions::{self, Attempt},
    domain::problem::{Code, Problem},
    view::filters,
    web::{
        WebState,
        client::ClientAddress,
        csrf::Csrf,
        form::Form,
        page,
        session::{self, SignedIn, USER_COOKIE},
    },
};

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage<'a> {
    csrf: &'a str,
    return_to: &'a str,
    email: &'a str,
    problem: Option<&'a str>,
    notice: Option<&'a str>,
}

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Leading {
    return_to: Option<String>,
    done: Option<String>,
}

/// `GET /sign-in`
pub async fn show(
    signed_in: Option<SignedIn>,
    csrf: Csrf,
    Query(leading): Query<Leading>,
) -> Result<Response, Problem> {
    let return_to = page::return_to(leading.return_to.as_deref());
    if signed_in.is_some() {
        return Ok(Redirect::to(return_to).into_response());
    }
    let notice = match leading.done.as_deref() {
        Some("signed-out") => Some("You are signed out."),
        Some("password") => Some("Your password is set. Sign in with it."),
        _ => None,
    };
    page::show(&SignInPage { csrf: csrf.token(), return_to, email: "", problem: None, notice })
}

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /sign-in`
pub async fn enter(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    before: Option<SignedIn>,
    csrf: Csrf,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Result<Response, Problem> {
    let return_to = page::return_to(Some(&form.return_to));
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let attempt = Attempt { email: &form.email, password: &form.password, address, user_agent };
    match sessions::sign_in(&state.app, attempt).await {
        Ok(secret) => {
            // A session that this browser still had ends: nobody is left behind in it.
            if let Some(SignedIn(before)) = before {
                end(&state, &before).await?;
            }
            let jar = CookieJar::new().add(session::cookie(&state, USER_COOKIE, &secret));
            Ok((jar, Redirect::to(return_to)).into_response())
        }
        Err(problem) if matches!(problem.code, Code::Unauthorized | Code::RateLimited | Code::Invalid) => {
            let page = SignInPage {
                csrf: csrf.token(),
                return_to,
                email: &form.email,
                problem: Some(&problem.message),
                notice: None,
            };
            page::refused(&problem, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// What the sign-out form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// The page to go on with; the sign-in page where it is left out.
    return_to: Option<String>,
}

/// `POST /sign-out`
pub async fn leave(
    State(state): State<WebState>,
    signed_in: Option<SignedIn>,
    Form(form): Form<SignOut>,
) -> Result<Response, Problem> {
    if let Some(SignedIn(signed_in)) = signed_in {
        end(&state, &signed_in).await?;
    }
    let jar = CookieJar::new().add(session::removal(&state, USER_COOKIE));
    let to = form.return_to.as_deref().map_or("/sign-in?done=signed-out", |path| page::return_to(Some(path)));
    Ok((jar, Redirect::to(to)).into_response())
}

/// Ends a session; one that has just ended elsewhere is fine too.
async fn end(state: &WebState, signed_in: &sessions::SignedIn) -> Result<(), Problem> {
    match sessions::sign_out(&state.app, signed_in).await {
        Err(problem) if problem.code != Code::NotFound => Err(problem),
        _ => Ok(()),
    }
}

/// `GET /`: to where the person belongs.
pub async fn home(signed_in: Option<SignedIn>) -> Redirect {
    let Some(SignedIn(signed_in)) = signed_in else { return Redirect::to("/sign-in") };
    let first = signed_in.memberships.iter().find(|(organization, _)| organization.suspended_at.is_none());
    match first {
        Some((organization, _)) => Redirect::to(&format!("/o/{}", organization.slug)),
        None if signed_in.user.operator => Redirect::to("/admin"),
        None => Redirect::to("/how-it-works"),
    }
}
