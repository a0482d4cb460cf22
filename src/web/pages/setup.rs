//! One-time addresses: setting up the first operator, and choosing a password by an invitation.

use std::net::IpAddr;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::setup::{self, Purpose},
    domain::{
        link::Secret,
        problem::{Code, Problem},
        text::Name,
        user::{Email, Password},
    },
    view::filters,
    web::{WebState, client::ClientAddress, csrf::Csrf, form::Form, page},
};

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage<'a> {
    csrf: &'a str,
    token: &'a str,
    title: &'a str,
    intro: String,
    button: &'a str,
    is_first: bool,
    name: &'a str,
    email: &'a str,
    problem: Option<&'a str>,
}

/// `GET /setup/{token}`
pub async fn show(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    csrf: Csrf,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let purpose = look(&state, &token, address).await?;
    page::show(&with(&purpose, &csrf, &token))
}

/// `GET /setup`
pub async fn without() -> Problem {
    used_up()
}

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    password: String,
}

/// `POST /setup`
pub async fn take(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    csrf: Csrf,
    Form(form): Form<Chosen>,
) -> Result<Response, Problem> {
    let purpose = look(&state, &form.token, address).await?;
    match complete(&state, &purpose, address, &form).await {
        Ok(()) => Ok(Redirect::to("/sign-in?done=password").into_response()),
        Err(problem) if matches!(problem.code, Code::Invalid | Code::TooLarge | Code::Conflict) => {
            let mut again = with(&purpose, &csrf, &form.token);
            again.problem = Some(&problem.message);
            if again.is_first {
                (again.name, again.email) = (&form.name, &form.email);
            }
            page::refused(&problem, &again)
        }
        Err(problem) => Err(problem),
    }
}

async fn complete(state: &WebState, purpose: &Purpose, address: IpAddr, form: &Chosen) -> Result<(), Problem> {
    let secret = Secret::parse(&form.token).ok_or_else(used_up)?;
    let password = Password::parse(&form.password)?;
    match purpose {
        Purpose::FirstOperator => {
            let (name, email) = (Name::parse("name", &form.name)?, Email::parse("email", &form.email)?);
            setup::complete(&state.app, &secret, address, name, email, &password).await.map(drop)
        }
        Purpose::ChoosePassword(_) => setup::choose_password(&state.app, &secret, address, &password).await.map(drop),
    }
}

async fn look(state: &WebState, token: &str, address: IpAddr) -> Result<Purpose, Problem> {
    let looked = match Secret::parse(token) {
        Some(secret) => setup::look(&state.app, &secret).await,
        None => Err(Problem::not_found()),
    };
    match looked {
        Err(problem) if problem.code == Code::NotFound => {
            state.app.limits.guesses_link(address)?;
            Err(used_up())
        }
        looked => looked,
    }
}

fn used_up() -> Problem {
    Problem::new(
        Code::NotFound,
        "This address was used already, or has run out. Ask whoever gave it to you for a new one; if you have chosen your password, sign in.",
    )
}

fn with<'a>(purpose: &'a Purpose, csrf: &'a Csrf, token: &'a str) -> SetupPage<'a> {
    let (title, intro, button, email) = match purpose {
        Purpose::FirstOperator => (
            "Set up Hearback",
            "You are the first here. This account runs the installation: it creates organizations and their users."
                .to_owned(),
            "Create the account",
            "",
        ),
        Purpose::ChoosePassword(user) => (
            "Choose your password",
            format!("You sign in as {}.", user.email),
            "Keep this password",
            user.email.as_str(),
        ),
    };
    let is_first = matches!(purpose, Purpose::FirstOperator);
    SetupPage { csrf: csrf.token(), token, title, intro, button, is_first, name: "", email, problem: None }
}
