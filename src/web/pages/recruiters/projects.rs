//! Hiring projects: the list, and one with its candidates, announcements and team.

use axum::{extract::Path, response::Response};
use serde::Deserialize;

use super::{
    candidate_form::CandidateForm,
    here::Here,
    list as inbox,
    templates::{Project, ProjectRow, Projects, Teammate},
};
use crate::{
    app::{
        self,
        announcements::PostAnnouncement,
        conversations::{Listing, View},
        projects::{ProjectSummary, ProjectWithTeam, TeamChange},
    },
    domain::{
        ids::{ClientId, Id, ProjectId, UserId},
        page::{Limit, Stretch},
        problem::{Code, Problem},
        project::{Project as HiringProject, ProjectStatus},
        text::{Body, Name},
    },
    view::{announcement, inbox::Row},
    web::{form::Form, page},
};

/// A project in a path below an organization.
#[derive(Deserialize)]
pub struct In {
    pub id: ProjectId,
}

fn project_row(project: &HiringProject, waiting: i64) -> ProjectRow {
    ProjectRow {
        id: project.id,
        name: project.name.clone(),
        closed: project.status == ProjectStatus::Closed,
        restricted: project.restricted,
        waiting,
        created_at: project.created_at,
    }
}

async fn projects(here: &Here) -> Result<Projects, Problem> {
    let all = app::projects::list(&here.app, &here.actor).await?;
    let row =
        |ProjectSummary { project, waiting, claimed, .. }: &ProjectSummary| project_row(project, waiting + claimed);
    Ok(Projects {
        frame: here.frame("projects"),
        projects: all.iter().map(row).collect(),
        problem: None,
        name: String::new(),
    })
}

/// `GET /o/{slug}/projects`
pub async fn list(here: Here) -> Result<Response, Problem> {
    page::show(&projects(&here).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    name: String,
    #[serde(default)]
    restricted: bool,
}

/// `POST /o/{slug}/projects`
pub async fn create(here: Here, Form(form): Form<New>) -> Result<Response, Problem> {
    let created = match Name::parse("name", &form.name) {
        Ok(name) => app::projects::create(&here.app, &here.actor, name, form.restricted).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok(project) => Ok(here.to(&format!("/projects/{}", project.id))),
        Err(problem) if problem.code == Code::Internal => Err(problem),
        Err(problem) => {
            let mut shown = projects(&here).await?;
            shown.problem = Some(problem.message.to_string());
            shown.name = form.name;
            page::refused(&problem, &shown)
        }
    }
}

/// The page of a project; what was typed and refused is to be filled in.
pub async fn project(here: &Here, id: ProjectId) -> Result<Project, Problem> {
    let (app, actor) = (&here.app, &here.actor);
    let ProjectWithTeam { project, team, readable } = app::projects::find_with_team(app, actor, id).await?;
    let (mut listed, mut announced, mut waiting) = (Vec::new(), Vec::new(), 0);
    if readable {
        let listing = Listing { view: View::All, project: Some(id), ..Listing::default() };
        listed = app::conversations::list(app, actor, listing, Limit::DEFAULT).await?;
        let counts = app::queue::numbers(app, actor, Some(id)).await?.counts;
        waiting = counts.waiting + counts.claimed;
        let latest = Stretch::Before(i64::MAX);
        announced = app::announcements::history(app, actor, id, latest, Limit::DEFAULT).await?.items;
    }
    let more = listed.len() >= Limit::DEFAULT.get();
    let home = here.home();
    let conversations = listed
        .into_iter()
        .map(|listed| {
            let href = format!("{home}/conversations/{}?view=all&project={id}", listed.conversation.id);
            let mut row = Row::new(href, &listed.conversation, listed.project_name.to_string());
            inbox::say(&mut row, &listed, here.member.id());
            row
        })
        .collect();
    let members = app::members::list(app, actor).await?;
    Ok(Project {
        frame: here.frame("projects"),
        project: project_row(&project, waiting),
        readable,
        conversations,
        more,
        announcements: announced.iter().rev().map(announcement::html).collect::<Result<_, _>>()?,
        team: members
            .into_iter()
            .map(|member| Teammate {
                named: team.iter().any(|named| named.id == member.id),
                id: member.id.uuid(),
                name: member.name,
            })
            .collect(),
        form: CandidateForm::default(),
        draft: String::new(),
        audience: None,
        client_id: app.clock.new_id::<ClientId>().uuid(),
        problem: None,
    })
}

/// `GET /o/{slug}/projects/{id}`
pub async fn show(here: Here, Path(of): Path<In>) -> Result<Response, Problem> {
    page::show(&project(&here, of.id).await?)
}

/// The page again with what was refused, and with what `keep` puts back.
pub async fn refused(
    here: &Here,
    id: ProjectId,
    problem: Problem,
    keep: impl FnOnce(&mut Project),
) -> Result<Response, Problem> {
    if matches!(problem.code, Code::NotFound | Code::Internal) {
        return Err(problem);
    }
    let mut shown = project(here, id).await?;
    shown.problem = Some(problem.message.to_string());
    keep(&mut shown);
    page::refused(&problem, &shown)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changing {
    act: String,
    name: Option<String>,
    #[serde(default)]
    restricted: bool,
    #[serde(default)]
    member: Vec<UserId>,
    /// The members who were named when the form was shown, separated by commas; with `shown_restricted` it says what the
    /// person changed.
    shown: Option<String>,
    #[serde(default)]
    shown_restricted: bool,
    shown_name: Option<String>,
}

impl Changing {
    /// What the person changed against what the form showed; `None` for a form that does not say what it showed.
    fn team_change(&self) -> Result<Option<TeamChange>, Problem> {
        let Some(shown) = &self.shown else { return Ok(None) };
        let unreadable = |_| Problem::invalid("shown", "The form is not complete. Open the page again.");
        let shown = shown.split(',').filter(|id| !id.is_empty()).map(str::parse).collect::<Result<Vec<UserId>, _>>();
        let shown = shown.map_err(unreadable)?;
        let without =
            |all: &[UserId], others: &[UserId]| all.iter().filter(|id| !others.contains(id)).copied().collect();
        Ok(Some(TeamChange {
            restricted: (self.restricted != self.shown_restricted).then_some(self.restricted),
            add: without(&self.member, &shown),
            remove: without(&shown, &self.member),
        }))
    }
}

/// `POST /o/{slug}/projects/{id}`: rename, close, open again, or name the team.
pub async fn change(here: Here, Path(of): Path<In>, Form(form): Form<Changing>) -> Result<Response, Problem> {
    let (app, actor, id) = (&here.app, &here.actor, of.id);
    let outcome = match form.act.as_str() {
        "close" => app::projects::close(app, actor, id).await,
        "reopen" => app::projects::reopen(app, actor, id).await,
        "team" => match form.team_change()? {
            Some(change) => app::projects::change_team(app, actor, id, change).await,
            None => app::projects::set_team(app, actor, id, form.restricted, form.member).await,
        },
        // The name that the page showed is no new one, whatever it is called by now.
        "rename" if form.name.is_some() && form.name == form.shown_name => {
            return Ok(here.to(&format!("/projects/{id}")));
        }
        "rename" => match Name::parse("name", form.name.as_deref().unwrap_or_default()) {
            Ok(name) => app::projects::rename(app, actor, id, name).await,
            Err(problem) => Err(problem),
        },
        _ => Err(Problem::invalid("act", "Choose what to do with the project.")),
    };
    match outcome {
        Ok(_) => Ok(here.to(&format!("/projects/{id}"))),
        Err(problem) => refused(&here, id, problem, |_| ()).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcing {
    act: String,
    body: String,
    client_id: ClientId,
}

/// `POST /o/{slug}/projects/{id}/announcements`: first who gets it, then out.
pub async fn announce(here: Here, Path(of): Path<In>, Form(form): Form<Announcing>) -> Result<Response, Problem> {
    let (app, actor, id) = (&here.app, &here.actor, of.id);
    let sendable = |body: Body| body.clone().without_placeholders().map(|_| body);
    let body = match Body::parse("body", &form.body).and_then(sendable) {
        Ok(body) => body,
        Err(problem) => return refused(&here, id, problem, |shown| shown.draft = form.body).await,
    };
    if form.act == "preview" {
        let mut shown = project(&here, id).await?;
        shown.audience = Some(app::announcements::audience(app, actor, id).await?);
        shown.client_id = form.client_id.uuid();
        shown.draft = form.body;
        return page::show(&shown);
    }
    if form.act != "send" {
        return Err(Problem::invalid("act", "Choose whether to look at it or to send it."));
    }
    let post = PostAnnouncement { project: id, client_id: form.client_id, body, origin: None };
    match app::announcements::post(app, actor, post).await {
        Ok(_) => Ok(here.to(&format!("/projects/{id}#announced"))),
        Err(problem) => refused(&here, id, problem, |shown| shown.draft = form.body).await,
    }
}
