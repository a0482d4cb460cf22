//! The page of an invitation's link: who invites, and how to accept.

use std::net::IpAddr;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::{
    app::invitations::{self, Joining, Offer},
    domain::{
        link::Secret,
        password::Password,
        problem::{Code, Problem},
        text::Name,
        user::{Email, Role},
    },
    view::filters,
    web::{WebState, csrf::Csrf, page, session::SignedIn},
};

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage<'a> {
    csrf: &'a str,
    token: &'a str,
    organization: &'a Name,
    role: &'static str,
    email: &'a Email,
    signed_in_as: Option<Email>,
    /// Whether the invitation is for who is signed in.
    is_theirs: bool,
    joining: Joining,
    problem: Option<&'a str>,
}

fn with<'a>(offer: &'a Offer, signed_in: Option<SignedIn>, csrf: &'a Csrf, token: &'a str) -> InvitationPage<'a> {
    let signed_in_as = signed_in.map(|SignedIn(me)| me.user.email);
    let is_theirs = signed_in_as.as_ref() == Some(&offer.invitation.email);
    InvitationPage {
        csrf: csrf.token(),
        token,
        organization: &offer.organization.name,
        role: match offer.invitation.role {
            Role::Owner => "an owner",
            Role::Recruiter => "a recruiter",
            Role::Viewer => "a viewer",
        },
        email: &offer.invitation.email,
        signed_in_as,
        is_theirs,
        joining: offer.joining,
        problem: None,
    }
}

/// `GET /setup/{token}` of an invitation.
///
/// # Errors
/// `internal` when the page fails.
pub fn show(offer: &Offer, signed_in: Option<SignedIn>, csrf: &Csrf, token: &str) -> Result<Response, Problem> {
    page::show(&with(offer, signed_in, csrf, token))
}

/// `POST /setup` of an invitation.
///
/// # Errors
/// What no page of its own shows.
pub async fn choose_password(
    state: &WebState,
    offer: &Offer,
    address: IpAddr,
    csrf: &Csrf,
    token: &str,
    password: &str,
) -> Result<Response, Problem> {
    let secret = Secret::parse(token).ok_or_else(Problem::link_used)?;
    let chosen = match Password::parse(password, &offer.own_words()) {
        Ok(password) => invitations::choose_password(&state.app, &secret, address, &password).await,
        Err(problem) => Err(problem),
    };
    match chosen {
        Ok(_) => Ok(Redirect::to("/sign-in?done=password").into_response()),
        Err(problem) if matches!(problem.code, Code::Invalid | Code::TooLarge | Code::Conflict | Code::RateLimited) => {
            let mut again = with(offer, None, csrf, token);
            again.problem = Some(&problem.message);
            page::refused(&problem, &again)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /setup/accept`: a person who is signed in joins.
///
/// # Errors
/// What no page of its own shows.
pub async fn accept(
    state: &WebState,
    offer: &Offer,
    me: SignedIn,
    csrf: &Csrf,
    token: &str,
) -> Result<Response, Problem> {
    let secret = Secret::parse(token).ok_or_else(Problem::link_used)?;
    match invitations::accept(&state.app, &me.0, &secret).await {
        Ok(()) => Ok(Redirect::to(&format!("/o/{}", offer.organization.slug)).into_response()),
        Err(problem) if problem.code == Code::Conflict => {
            let mut again = with(offer, Some(me), csrf, token);
            again.problem = Some(&problem.message);
            page::refused(&problem, &again)
        }
        Err(problem) => Err(problem),
    }
}
