//! Adding a candidate, and the chat link that is shown once.

use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Deserialize;

use super::{
    candidate_form::CandidateForm,
    here::Here,
    projects::{self, In},
    templates::Link,
    write::At,
};
use crate::{
    app,
    domain::problem::Problem,
    web::{form::Form, page},
};

/// `POST /o/{slug}/projects/{id}/candidates`
pub async fn add(here: Here, Path(of): Path<In>, Form(form): Form<CandidateForm>) -> Result<Response, Problem> {
    let added = match form.parse() {
        Ok(profile) => app::candidates::add(&here.app, &here.actor, of.id, profile).await,
        Err(problem) => Err(problem),
    };
    match added {
        Ok(added) => {
            let link = Link {
                frame: here.frame("projects"),
                candidate: added.candidate.profile.name,
                url: added.chat_url,
                conversation: added.conversation,
                project: of.id,
            };
            page::show_as(StatusCode::CREATED, &link)
        }
        Err(problem) => projects::refused(&here, of.id, problem, |shown| shown.form = form).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linking {
    act: String,
}

/// `POST /o/{slug}/conversations/{id}/link`: a new link, shown once, or none any more.
pub async fn link(here: Here, Path(at): Path<At>, Form(form): Form<Linking>) -> Result<Response, Problem> {
    match form.act.as_str() {
        "renew" => {}
        "revoke" => {
            app::links::revoke(&here.app, &here.actor, at.id).await?;
            return Ok(here.to(&format!("/conversations/{}", at.id)));
        }
        _ => return Err(Problem::invalid("act", "Choose what to do with the chat link.")),
    }
    let url = app::links::issue(&here.app, &here.actor, at.id).await?;
    let conversation = app::conversations::find(&here.app, &here.actor, at.id).await?.conversation;
    page::show_as(
        StatusCode::CREATED,
        &Link {
            frame: here.frame("projects"),
            candidate: conversation.candidate.name,
            url,
            conversation: at.id,
            project: conversation.project,
        },
    )
}
