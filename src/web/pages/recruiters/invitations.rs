//! What owners do with invitations.

use axum::{extract::Path, response::Response};
use serde::Deserialize;

use super::{
    here::Here,
    settings::{answer, settings},
    templates::Shown,
};
use crate::{
    app::invitations::{self, NewInvitation},
    domain::{
        ids::InvitationId,
        link::Secret,
        problem::Problem,
        text::Name,
        user::{Email, Role},
    },
    web::{form::Form, page},
};

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    name: String,
    email: String,
    role: String,
}

impl Invite {
    fn parse(&self) -> Result<NewInvitation, Problem> {
        Ok(NewInvitation {
            email: Email::parse("email", &self.email)?,
            name: Name::parse("name", &self.name)?,
            role: Role::parse(&self.role)?,
        })
    }
}

/// Invites a person; the link is shown once.
pub async fn invite(here: Here, Form(form): Form<Invite>) -> Result<Response, Problem> {
    let created = async { invitations::create(&here.app, &here.actor, form.parse()?).await };
    match created.await {
        Ok(secret) => show_link(&here, form.name.trim(), &secret).await,
        Err(problem) => answer(&here, Err(problem), "members").await,
    }
}

#[derive(Deserialize)]
pub struct InvitationPath {
    invitation: InvitationId,
}

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeInvitation {
    act: String,
}

/// Makes a new link for an invitation, shown once, or takes the invitation back.
pub async fn change(
    here: Here,
    Path(of): Path<InvitationPath>,
    Form(form): Form<ChangeInvitation>,
) -> Result<Response, Problem> {
    let outcome = match form.act.as_str() {
        "renew" => match invitations::renew(&here.app, &here.actor, of.invitation).await {
            Ok((invitation, secret)) => return show_link(&here, &invitation.name, &secret).await,
            Err(problem) => Err(problem),
        },
        "withdraw" => invitations::withdraw(&here.app, &here.actor, of.invitation).await,
        _ => Err(Problem::invalid("act", "Choose what to do with the invitation.")),
    };
    answer(&here, outcome, "members").await
}

async fn show_link(here: &Here, name: &str, secret: &Secret) -> Result<Response, Problem> {
    let mut page = settings(here).await?;
    page.shown = Some(Shown {
        title: format!("Invitation link for {name}"),
        secret: format!("{}setup/{}", here.app.settings.public_url, secret.expose()),
        hint: "Send this link to the person. It works once, within 7 days, and is shown only now.",
    });
    page::show(&page)
}
