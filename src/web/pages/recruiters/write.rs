//! What a recruiter does in a conversation, by plain forms.

use axum::{extract::Path, response::Response};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    dashboard::{self, Wanted},
    here::Here,
    snooze,
};
use crate::{
    app::{self, messages::Reply, queue::Resolve},
    domain::{
        conversation::{ConversationChange, ConversationStatus, Label},
        ids::{ClientId, ConversationId, ProjectId},
        message::NewMessage,
        problem::{Code, Problem},
        queue::{LeaseToken, Priority},
        text::Body,
    },
    view::open::Refusal,
    web::{
        form::{self, Form},
        page,
    },
};

/// A conversation in a path below an organization.
#[derive(Deserialize)]
pub struct At {
    pub id: ConversationId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    #[serde(default)]
    body: String,
    client_id: ClientId,
    #[serde(default)]
    seen_seq: u32,
    lease: Option<String>,
    #[serde(default)]
    take_over: bool,
}

/// Posts a message. What is refused stands in the field again, with what can be done.
pub async fn message(here: Here, Path(at): Path<At>, Form(form): Form<Written>) -> Result<Response, Problem> {
    let lease = form.lease.clone().map(|lease| LeaseToken::parse("lease", lease)).transpose()?;
    let posted = match Body::parse("body", &form.body) {
        Ok(body) => {
            let post = app::messages::Post {
                message: NewMessage { conversation: at.id, client_id: form.client_id, body: body.clone() },
                reply: Some(Reply { seen_seq: form.seen_seq.into(), lease, take_over: form.take_over }),
                origin: None,
            };
            let posted = app::messages::post(&here.app, &here.actor, post).await;
            posted.and_then(|posted| {
                let holds = posted.holds(&body.without_placeholders()?);
                holds.then(|| posted.message.id.to_string()).ok_or_else(form::was_sent_before)
            })
        }
        Err(problem) => Err(problem),
    };
    match posted {
        Ok(id) => Ok(here.to(&format!("/conversations/{}#m-{id}", at.id))),
        Err(problem) => give_back(&here, at.id, form.body, problem).await,
    }
}

/// Keeps a team note.
pub async fn note(here: Here, Path(at): Path<At>, Form(form): Form<Written>) -> Result<Response, Problem> {
    let posted = match Body::parse("body", &form.body) {
        Ok(body) => {
            let post = app::notes::PostNote {
                conversation: at.id,
                client_id: form.client_id,
                body: body.clone(),
                origin: None,
            };
            let posted = app::notes::post(&here.app, &here.actor, post).await;
            posted.and_then(|posted| {
                let holds = !posted.duplicate || posted.note.body == body;
                holds.then(|| posted.note.id.to_string()).ok_or_else(form::was_sent_before)
            })
        }
        Err(problem) => Err(problem),
    };
    match posted {
        Ok(id) => Ok(here.to(&format!("/conversations/{}#n-{id}", at.id))),
        Err(problem) => give_back(&here, at.id, form.body, problem).await,
    }
}

/// The page again, with what was written and why it was refused. Nobody loses a text to a refusal.
async fn give_back(here: &Here, id: ConversationId, body: String, problem: Problem) -> Result<Response, Problem> {
    if matches!(problem.code, Code::NotFound | Code::Internal) {
        return Err(problem);
    }
    let mut page = dashboard::conversation_page(here, id, &Wanted::default()).await?;
    if let Some(open) = &mut page.open {
        open.draft = body;
        open.problem = Some(Refusal::from(&problem));
    }
    page::refused(&problem, &page)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectChosen {
    project: Option<String>,
}

/// Takes the most urgent conversation, and opens it.
pub async fn next(here: Here, Form(form): Form<ProjectChosen>) -> Result<Response, Problem> {
    let project = match form.project.as_deref() {
        // "All projects" in a list to choose from.
        None | Some("") => None,
        Some(id) => Some(id.parse().map_err(|_| Problem::invalid("project", "Choose a project."))?),
    };
    go_to_next(&here, project).await
}

async fn go_to_next(here: &Here, project: Option<ProjectId>) -> Result<Response, Problem> {
    match app::queue::next(&here.app, &here.actor, project).await? {
        Some(claimed) => Ok(here.to(&format!("/conversations/{}", claimed.entry.conversation))),
        None => Ok(here.to("?done=nothing-waits")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claiming {
    #[serde(default)]
    take_over: bool,
}

/// Claims the entry of a conversation.
pub async fn claim(here: Here, Path(at): Path<At>, Form(form): Form<Claiming>) -> Result<Response, Problem> {
    app::queue::claim(&here.app, &here.actor, at.id, form.take_over).await?;
    Ok(here.to(&format!("/conversations/{}", at.id)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Gives a claim back. Whoever sits before the page is the holder, so the lease is found for them.
pub async fn release(here: Here, Path(at): Path<At>, Form(Nothing {}): Form<Nothing>) -> Result<Response, Problem> {
    let claimed = app::queue::claim(&here.app, &here.actor, at.id, false).await?;
    app::queue::release(&here.app, &here.actor, at.id, claimed.lease.token).await?;
    Ok(here.to(&format!("/conversations/{}", at.id)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolving {
    then: Option<String>,
    seen_seq: u32,
}

/// Done without a reply; where `then` says so, on to the next.
pub async fn resolve(here: Here, Path(at): Path<At>, Form(form): Form<Resolving>) -> Result<Response, Problem> {
    let goes_on = match form.then.as_deref() {
        None => false,
        Some("next") => true,
        Some(_) => return Err(Problem::invalid("then", "What follows is the next conversation, or nothing.")),
    };
    let resolve = Resolve { conversation: at.id, lease: None, seen_seq: Some(form.seen_seq.into()) };
    app::queue::resolve(&here.app, &here.actor, resolve).await?;
    if goes_on {
        return go_to_next(&here, None).await;
    }
    Ok(here.to(&format!("/conversations/{}", at.id)))
}

/// Puts a conversation back in the queue that was marked as needing no reply, or closed.
pub async fn put_back(here: Here, Path(at): Path<At>, Form(Nothing {}): Form<Nothing>) -> Result<Response, Problem> {
    app::queue::put_back(&here.app, &here.actor, at.id).await?;
    Ok(here.to(&format!("/conversations/{}", at.id)))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Updating {
    status: Option<String>,
    snooze: Option<String>,
    snooze_at: Option<String>,
    zone: Option<String>,
    assignee: Option<String>,
    priority: Option<String>,
    labels: Option<String>,
    labels_shown: Option<String>,
    with_labels: bool,
}

/// Changes status, assignee, priority or labels.
pub async fn update(here: Here, Path(at): Path<At>, Form(form): Form<Updating>) -> Result<Response, Problem> {
    let mut change = ConversationChange::default();
    if let Some(preset) = form.snooze.as_deref() {
        change.status = Some(ConversationStatus::Snoozed);
        change.snooze_until =
            snooze::until(preset, form.snooze_at.as_deref(), form.zone.as_deref(), here.app.clock.now())?;
    } else if let Some(status) = form.status.as_deref() {
        change.status = Some(match status {
            "open" => ConversationStatus::Open,
            "closed" => ConversationStatus::Closed,
            _ => return Err(Problem::invalid("status", "A status is open or closed.")),
        });
    }
    if let Some(assignee) = form.assignee.as_deref() {
        change.assignee = Some(match assignee {
            "none" => None,
            id => Some(id.parse::<Uuid>().map_err(|_| Problem::invalid("assignee", "Choose a member."))?.into()),
        });
    }
    if let Some(priority) = form.priority.as_deref() {
        change.priority = Some(Priority::parse(priority)?);
    }
    if form.with_labels {
        let typed = labels(&form.labels.unwrap_or_default())?;
        match form.labels_shown.as_deref().map(labels).transpose()? {
            // What the page did not show is not touched: a colleague may have added it since.
            Some(shown) => {
                change.add_labels = without(&typed, &shown);
                change.remove_labels = without(&shown, &typed);
            }
            None => change.labels = Some(typed),
        }
    }
    app::conversations::update(&here.app, &here.actor, at.id, change).await?;
    Ok(here.to(&format!("/conversations/{}", at.id)))
}

fn labels(typed: &str) -> Result<Vec<Label>, Problem> {
    Label::parse_all(typed.split(',').map(str::trim).filter(|word| !word.is_empty()))
}

fn without(labels: &[Label], others: &[Label]) -> Vec<Label> {
    labels.iter().filter(|label| others.iter().all(|other| other.folded() != label.folded())).cloned().collect()
}
