//! One's own account: where one is signed in, and the password.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::{
    app::{App, sessions},
    domain::{
        ids::SessionId,
        organization::Organization,
        password::Password,
        problem::{Code, Problem},
        session::Session,
    },
    view::{device, filters},
    web::{
        WebState,
        client::ClientAddress,
        csrf::Csrf,
        form::Form,
        page,
        routes::{Routes, Who},
        session::{self, SignedIn, USER_COOKIE},
    },
};

/// The addresses.
pub fn routes() -> Routes {
    Routes::new()
        .get(Who::User, "/account", show)
        .post(Who::User, "/account/password", change_password)
        .post(Who::User, "/account/sessions/end-others", end_others)
        .post(Who::User, "/account/sessions/{session}/end", end)
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    csrf: &'a str,
    me: &'a sessions::SignedIn,
    open: Vec<&'a Organization>,
    sessions: Vec<Session>,
    notice: Option<&'static str>,
    problem: Option<&'a str>,
}

/// What the address says.
#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// `GET /account`
pub async fn show(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    csrf: Csrf,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Problem> {
    let mut page = account(&app, &me, &csrf).await?;
    page.notice = match done.as_deref() {
        Some("ended") => Some("That browser is signed out."),
        Some("others-ended") => Some("You are signed out everywhere else."),
        _ => None,
    };
    page::show(&page)
}

async fn account<'a>(app: &App, me: &'a sessions::SignedIn, csrf: &'a Csrf) -> Result<AccountPage<'a>, Problem> {
    let open = me.memberships.iter().map(|(organization, _)| organization);
    Ok(AccountPage {
        csrf: csrf.token(),
        me,
        open: open.filter(|organization| organization.suspended_at.is_none()).collect(),
        sessions: sessions::list(app, me).await?,
        notice: None,
        problem: None,
    })
}

/// The form has nothing to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /account/sessions/{session}/end`
pub async fn end(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(session): Path<SessionId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Problem> {
    sessions::end(&app, &me, session).await?;
    Ok(Redirect::to("/account?done=ended"))
}

/// `POST /account/sessions/end-others`
pub async fn end_others(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Problem> {
    sessions::end_others(&app, &me).await?;
    Ok(Redirect::to("/account?done=others-ended"))
}

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    current: String,
    password: String,
}

/// `POST /account/password`: signs out everywhere, here too, so that the new one is used once at least.
pub async fn change_password(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    SignedIn(me): SignedIn,
    csrf: Csrf,
    Form(form): Form<Passwords>,
) -> Result<Response, Problem> {
    let changed = match Password::parse(&form.password, &me.own_words()) {
        Ok(new) => sessions::change_password(&state.app, &me, address, &form.current, &new).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(()) => {
            let jar = CookieJar::new().add(session::removal(&state, USER_COOKIE));
            Ok((jar, Redirect::to("/sign-in?done=password")).into_response())
        }
        Err(problem) if matches!(problem.code, Code::Invalid | Code::TooLarge | Code::RateLimited) => {
            let mut page = account(&state.app, &me, &csrf).await?;
            page.problem = Some(&problem.message);
            page::refused(&problem, &page)
        }
        Err(problem) => Err(problem),
    }
}
