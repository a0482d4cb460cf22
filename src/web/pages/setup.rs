//! Links that can be used once: setting up the first operator, choosing a password, and joining an organization.

use std::net::IpAddr;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        invitations::{self, Offer},
        setup::{self, Purpose},
    },
    domain::{
        link::Secret,
        password::{OwnWords, Password},
        problem::{Code, Problem},
        text::Name,
        user::Email,
    },
    view::filters,
    web::{WebState, client::ClientAddress, csrf::Csrf, form::Form, page, pages::invitation, session::SignedIn},
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

/// What a link stands for.
enum Link {
    /// It sets up the first operator, or a password.
    OneTime(Purpose),
    /// It lets a person join an organization.
    Invitation(Box<Offer>),
}

/// `GET /setup/{token}`
pub async fn show(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    signed_in: Option<SignedIn>,
    csrf: Csrf,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    match look(&state, &token, address).await? {
        Link::OneTime(purpose) => page::show(&with(&purpose, &csrf, &token)),
        Link::Invitation(offer) => invitation::show(&offer, signed_in, &csrf, &token),
    }
}

/// `GET /setup`
pub async fn without() -> Problem {
    Problem::link_used()
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
    let purpose = match look(&state, &form.token, address).await? {
        Link::OneTime(purpose) => purpose,
        Link::Invitation(offer) => {
            return invitation::choose_password(&state, &offer, address, &csrf, &form.token, &form.password).await;
        }
    };
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

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    token: String,
}

/// `POST /setup/accept`
pub async fn accept(
    State(state): State<WebState>,
    ClientAddress(address): ClientAddress,
    signed_in: Option<SignedIn>,
    csrf: Csrf,
    Form(form): Form<Accept>,
) -> Result<Response, Problem> {
    let Link::Invitation(offer) = look(&state, &form.token, address).await? else {
        return Err(Problem::link_used());
    };
    match signed_in {
        Some(me) => invitation::accept(&state, &offer, me, &csrf, &form.token).await,
        None => Ok(Redirect::to(&format!("/setup/{}", form.token)).into_response()),
    }
}

async fn complete(state: &WebState, purpose: &Purpose, address: IpAddr, form: &Chosen) -> Result<(), Problem> {
    let secret = Secret::parse(&form.token).ok_or_else(Problem::link_used)?;
    match purpose {
        Purpose::FirstOperator => {
            let (name, email) = (Name::parse("name", &form.name)?, Email::parse("email", &form.email)?);
            let password = Password::parse(&form.password, &OwnWords::of(&name, &email))?;
            setup::complete(&state.app, &secret, address, name, email, &password).await.map(drop)
        }
        Purpose::ChoosePassword(user, organizations) => {
            let own = OwnWords::of(&user.name, &user.email);
            let own = organizations.iter().fold(own, |own, name| own.and(name));
            let password = Password::parse(&form.password, &own)?;
            setup::choose_password(&state.app, &secret, address, &password).await.map(drop)
        }
    }
}

/// What the link of a secret stands for.
///
/// # Errors
/// `not_found` for one that is unknown, used or expired; `rate_limited` for who tries many.
async fn look(state: &WebState, token: &str, address: IpAddr) -> Result<Link, Problem> {
    let looked = match Secret::parse(token) {
        Some(secret) => find(state, &secret).await,
        None => Err(Problem::not_found()),
    };
    match looked {
        Err(problem) if problem.code == Code::NotFound => {
            state.app.limits.guesses_link(address)?;
            Err(Problem::link_used())
        }
        looked => looked,
    }
}

async fn find(state: &WebState, secret: &Secret) -> Result<Link, Problem> {
    match setup::look(&state.app, secret).await {
        Ok(purpose) => Ok(Link::OneTime(purpose)),
        Err(problem) if problem.code == Code::NotFound => {
            invitations::look(&state.app, secret).await.map(|offer| Link::Invitation(Box::new(offer)))
        }
        Err(problem) => Err(problem),
    }
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
        Purpose::ChoosePassword(user, _) => (
            "Choose your password",
            format!("You sign in as {}.", user.email),
            "Keep this password",
            user.email.as_str(),
        ),
    };
    let is_first = matches!(purpose, Purpose::FirstOperator);
    SetupPage { csrf: csrf.token(), token, title, intro, button, is_first, name: "", email, problem: None }
}
