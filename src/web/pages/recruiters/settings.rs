//! The owners' settings: members, response targets, API tokens.

use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::TimeDelta;
use serde::Deserialize;

use super::{
    here::Here,
    templates::{InvitationRow, MemberRow, Settings, Shown, Target, TokenRow},
};
use crate::{
    app,
    domain::{
        ids::{ApiTokenId, Id, UserId},
        problem::{Code, Problem},
        queue::{Priority, ResponseTargets},
        text::Name,
        user::Role,
    },
    web::{form::Form, page},
};

/// The settings.
pub async fn show(here: Here) -> Result<Response, Problem> {
    page::show(&settings(&here).await?)
}

/// The page as it is now.
pub(super) async fn settings(here: &Here) -> Result<Settings, Problem> {
    here.member.require(Role::Owner)?;
    let members = app::members::list(&here.app, &here.actor).await?;
    let invitations = app::invitations::list(&here.app, &here.actor).await?;
    let now = here.app.clock.now();
    let tokens = app::tokens::list(&here.app, &here.actor).await?;
    let targets = &here.organization.targets;
    Ok(Settings {
        frame: here.frame("settings"),
        members: members
            .into_iter()
            .map(|member| MemberRow {
                id: member.id.uuid(),
                name: member.name,
                email: member.email,
                role: member.role.as_str(),
            })
            .collect(),
        invitations: invitations
            .into_iter()
            .map(|invitation| InvitationRow {
                id: invitation.id.uuid(),
                name: invitation.name,
                email: invitation.email,
                role: invitation.role.as_str(),
                expired: invitation.expires_at <= now,
            })
            .collect(),
        targets: Priority::ALL
            .into_iter()
            .map(|priority| Target {
                priority: priority.as_str(),
                name: match priority {
                    Priority::Urgent => "Urgent",
                    Priority::Normal => "Normal",
                    Priority::Low => "Low",
                },
                minutes: targets.of(priority).num_minutes(),
            })
            .collect(),
        tokens: tokens
            .into_iter()
            .filter(|token| token.revoked_at.is_none())
            .map(|token| TokenRow {
                id: token.id.uuid(),
                name: token.name,
                role: token.role.as_str(),
                created_at: token.created_at,
                last_used_at: token.last_used_at,
            })
            .collect(),
        shown: None,
        problem: None,
    })
}

/// Shows the settings again with what was refused, or leads back to them.
pub(super) async fn answer(here: &Here, outcome: Result<(), Problem>, section: &str) -> Result<Response, Problem> {
    match outcome {
        Ok(()) => Ok(here.to(&format!("/settings#{section}"))),
        Err(problem) if problem.code == Code::Internal => Err(problem),
        Err(problem) => {
            let mut page = settings(here).await?;
            page.problem = Some(problem.message.to_string());
            page::refused(&problem, &page)
        }
    }
}

#[derive(Deserialize)]
pub struct OfMember {
    user: UserId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberForm {
    act: String,
    role: Option<String>,
}

/// Changes a member's role, or takes the member out.
pub async fn member(here: Here, Path(of): Path<OfMember>, Form(form): Form<MemberForm>) -> Result<Response, Problem> {
    let outcome = match form.act.as_str() {
        "remove" => app::members::remove(&here.app, &here.actor, of.user).await,
        "role" => match Role::parse(form.role.as_deref().unwrap_or_default()) {
            Ok(role) => app::members::set_role(&here.app, &here.actor, of.user, role).await,
            Err(problem) => Err(problem),
        },
        _ => Err(Problem::invalid("act", "Choose what to do with the member.")),
    };
    answer(&here, outcome, "members").await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    urgent: i64,
    normal: i64,
    low: i64,
}

/// Sets within what time candidates should hear back.
pub async fn targets(here: Here, Form(form): Form<Targets>) -> Result<Response, Problem> {
    // A number of minutes that no clock holds is over every limit; which one is said where the limits are.
    let minutes = |minutes| TimeDelta::try_minutes(minutes).unwrap_or(TimeDelta::MAX);
    let targets =
        ResponseTargets { urgent: minutes(form.urgent), normal: minutes(form.normal), low: minutes(form.low) };
    let name = here.organization.name.clone();
    let outcome = app::organizations::update(&here.app, &here.actor, name, targets).await;
    answer(&here, outcome.map(drop), "targets").await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    name: String,
    role: String,
}

/// Makes an API token, shown once.
pub async fn create_token(here: Here, Form(form): Form<NewToken>) -> Result<Response, Problem> {
    let created = match (Name::parse("name", &form.name), Role::parse(&form.role)) {
        (Ok(name), Ok(role)) => app::tokens::create(&here.app, &here.actor, name, role).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match created {
        Ok((_, secret)) => {
            let mut page = settings(&here).await?;
            page.shown = Some(Shown {
                title: format!("API token “{}”", form.name.trim()),
                secret: secret.expose().to_owned(),
                hint: "Give it to the program now. It is shown only this once.",
            });
            page::show_as(StatusCode::CREATED, &page)
        }
        Err(problem) => answer(&here, Err(problem), "tokens").await,
    }
}

#[derive(Deserialize)]
pub struct OfToken {
    token: ApiTokenId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Revokes an API token.
pub async fn revoke_token(
    here: Here,
    Path(of): Path<OfToken>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let outcome = app::tokens::revoke(&here.app, &here.actor, of.token).await;
    answer(&here, outcome, "tokens").await
}
