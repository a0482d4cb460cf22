//! What is known of a candidate: changed, or erased with everything that was written.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use serde::Deserialize;

use super::{
    candidate_form::CandidateForm,
    here::Here,
    templates::{Candidate, Erase, InProject},
};
use crate::{
    app::{self, candidates::Facts},
    domain::{
        ids::CandidateId,
        problem::{Code, Problem},
        user::Role,
    },
    web::{form::Form, page},
};

/// A candidate in a path below an organization.
#[derive(Deserialize)]
pub struct Of {
    candidate: CandidateId,
}

/// What the address says.
#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// What is known of somebody, for those who may change it.
async fn find(here: &Here, id: CandidateId) -> Result<(Facts, Vec<InProject>), Problem> {
    let facts = app::candidates::facts(&here.app, &here.actor, id).await?;
    here.member.require(Role::Recruiter)?;
    let conversations = facts.conversations.iter().map(|of| InProject {
        href: format!("{}/conversations/{}", here.home(), of.id),
        project: of.project_name.clone(),
    });
    let conversations = conversations.collect();
    Ok((facts, conversations))
}

async fn profile(here: &Here, id: CandidateId) -> Result<Candidate, Problem> {
    let (facts, conversations) = find(here, id).await?;
    let profile = facts.candidate.profile;
    let (frame, form) = (here.frame("inbox"), CandidateForm::of(&profile));
    Ok(Candidate { frame, id, name: profile.name, conversations, form, problem: None })
}

/// `GET /o/{slug}/candidates/{candidate}`
pub async fn show(here: Here, Path(of): Path<Of>, Query(Done { done }): Query<Done>) -> Result<Response, Problem> {
    let mut page = profile(&here, of.candidate).await?;
    page.frame.notice = (done.as_deref() == Some("saved")).then_some("Saved.");
    page::show(&page)
}

/// `POST /o/{slug}/candidates/{candidate}`
pub async fn save(here: Here, Path(of): Path<Of>, Form(form): Form<CandidateForm>) -> Result<Response, Problem> {
    let saved = match form.parse() {
        Ok(profile) => app::candidates::change(&here.app, &here.actor, of.candidate, profile, form.untouched()).await,
        Err(problem) => Err(problem),
    };
    match saved {
        Ok(_) => Ok(here.to(&format!("/candidates/{}?done=saved", of.candidate))),
        Err(problem) if matches!(problem.code, Code::NotFound | Code::Forbidden | Code::Internal) => Err(problem),
        Err(problem) => {
            let mut page = profile(&here, of.candidate).await?;
            (page.form, page.problem) = (form, Some(problem.message.to_string()));
            page::refused(&problem, &page)
        }
    }
}

async fn question(here: &Here, id: CandidateId) -> Result<Erase, Problem> {
    let (facts, conversations) = find(here, id).await?;
    Ok(Erase { frame: here.frame("inbox"), id, name: facts.candidate.profile.name, conversations, problem: None })
}

/// `GET /o/{slug}/candidates/{candidate}/erase`
pub async fn ask(here: Here, Path(of): Path<Of>) -> Result<Response, Problem> {
    page::show(&question(&here, of.candidate).await?)
}

/// The form has nothing to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /o/{slug}/candidates/{candidate}/erase`
pub async fn erase(here: Here, Path(of): Path<Of>, Form(Nothing {}): Form<Nothing>) -> Result<Response, Problem> {
    match app::candidates::erase(&here.app, &here.actor, of.candidate).await {
        Ok(()) => Ok(here.to("?done=erased")),
        Err(problem) if problem.code == Code::Conflict => {
            let mut page = question(&here, of.candidate).await?;
            page.problem = Some(problem.message.to_string());
            page::refused(&problem, &page)
        }
        Err(problem) => Err(problem),
    }
}
