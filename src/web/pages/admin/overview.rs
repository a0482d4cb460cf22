//! The page itself.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::watch::{self, Watching};
use crate::{
    app::{
        self,
        admin::Overview,
        jobs::{self, Jobs},
        sessions,
        users::{self, UserOverview},
    },
    domain::{
        job::JobState,
        problem::{Code, Problem},
        session::Session,
        text::Name,
        user::Email,
    },
    view::{chart, device, filters, heartbeat, job},
    web::{WebState, csrf::Csrf, error, page, session::OperatorSession},
};

#[derive(Template)]
#[template(path = "admin/admin.html")]
struct AdminPage<'a> {
    csrf: &'a str,
    me: &'a sessions::SignedIn,
    numbers: Overview,
    watching: Watching,
    users: Vec<UserOverview>,
    sessions: Vec<(Session, Name, Email)>,
    jobs: Jobs,
    told: Told,
}

/// What the page says about what was just done.
#[derive(Debug, Default)]
pub struct Told {
    /// It worked.
    pub notice: Option<&'static str>,
    /// It did not.
    pub problem: Option<String>,
    /// The address by which a user chooses a password, shown this once.
    pub invitation: Option<String>,
}

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// `GET /admin`
pub async fn show(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Problem> {
    let notice = match done.as_deref() {
        Some("organization-created") => Some("The organization was created. Add its first owner under Users."),
        Some("suspended") => Some("The organization is suspended: nobody can enter it, nothing is lost."),
        Some("restored") => Some("The organization can be entered again."),
        Some("removed") => Some("The organization is gone, with everything in it."),
        Some("user-removed") => Some("The user cannot sign in any more, and was signed out everywhere."),
        Some("user-restored") => Some("The user can sign in again."),
        Some("acknowledged") => Some("The alert is yours now: others see that you know of it."),
        Some("forgotten") => Some("The server is forgotten; if it comes back, it is known again."),
        Some("job-retried") => Some("The job is tried again at once."),
        Some("job-discarded") => Some("The job is gone and will not be done."),
        Some("ended") => Some("The session has ended, and its live connections with it."),
        _ => None,
    };
    render(&state, &operator, &csrf, Told { notice, ..Told::default() }).await
}

/// The page, with what is to be told.
///
/// # Errors
/// The store's.
pub async fn render(
    state: &WebState,
    operator: &OperatorSession,
    csrf: &Csrf,
    told: Told,
) -> Result<Response, Problem> {
    let app = &state.app;
    let numbers = app::admin::overview(app).await?;
    let watching = Watching::look(app, &state.monitor, &numbers, &state.settings).await?;
    let page = AdminPage {
        csrf: csrf.token(),
        me: &operator.signed_in,
        numbers,
        watching,
        users: users::list(app, operator.operator).await?,
        sessions: sessions::list_all(app, operator.operator).await?,
        jobs: jobs::list(app, operator.operator).await?,
        told,
    };
    page::show(&page)
}

/// Back to the page after something was done, or the page with the reason why it was not.
///
/// # Errors
/// What is nobody's slip: the store's faults.
pub async fn answer(
    state: &WebState,
    operator: &OperatorSession,
    csrf: &Csrf,
    outcome: Result<&'static str, Problem>,
) -> Result<Response, Problem> {
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/admin?done={done}")).into_response()),
        Err(problem) if matches!(problem.code, Code::Invalid | Code::TooLarge | Code::Conflict | Code::NotFound) => {
            let status: StatusCode = error::status(problem.code);
            let told = Told { problem: Some(problem.message.into_owned()), ..Told::default() };
            Ok((status, render(state, operator, csrf, told).await?).into_response())
        }
        Err(problem) => Err(problem),
    }
}
