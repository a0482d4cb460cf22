//! The chat.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use chrono::TimeDelta;
use serde::Deserialize;

use super::gone;
use crate::{
    app::{self, App, links::LinkRefusal, messages::Post},
    domain::{
        access::Actor,
        announcement::Announcement,
        ids::{CandidateId, ClientId, ConversationId, ProjectId},
        message::{Message, NewMessage},
        organization::Organization,
        page::{Limit, Stretch},
        problem::{Code, Problem},
        project::ProjectStatus,
        text::{Body, Name},
        time::Timestamp,
    },
    view::{self, filters},
    web::{
        WebState,
        csrf::Csrf,
        error,
        form::{self, Form},
        page,
        session::CandidateCookie,
    },
};

#[derive(Template)]
#[template(path = "candidate/chat.html")]
struct ChatPage<'a> {
    csrf: &'a str,
    organization: &'a Name,
    slug: &'a str,
    project: &'a Name,
    project_id: ProjectId,
    conversation: ConversationId,
    me: CandidateId,
    with: Option<&'a Name>,
    headline: String,
    hours: String,
    closed_at: Option<Timestamp>,
    now: Timestamp,
    items: Vec<String>,
    last_seq: i64,
    last_announcement_seq: i64,
    earlier: Option<i64>,
    is_past: bool,
    closed: bool,
    client_id: ClientId,
    draft: &'a str,
    problem: Option<&'a str>,
}

/// The candidate in their conversation.
struct InChat {
    organization: Organization,
    candidate: CandidateId,
    actor: Actor,
    conversation: ConversationId,
}

impl InChat {
    async fn find(app: &App, cookie: &CandidateCookie, conversation: ConversationId) -> Result<Self, LinkRefusal> {
        let actor = cookie.candidate(app, conversation).await?;
        let organization = app::organizations::by_id(app, actor.organization).await?;
        Ok(Self { organization, candidate: actor.id, actor: Actor::Candidate(actor), conversation })
    }
}

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Part {
    before: Option<i64>,
}

/// `GET /chat/{conversation}`
pub async fn show(
    State(state): State<WebState>,
    cookie: CandidateCookie,
    csrf: Csrf,
    Path(conversation): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Response, Problem> {
    let chat = match InChat::find(&state.app, &cookie, conversation).await {
        Ok(chat) => chat,
        Err(refusal) => return gone::chat(refusal, &csrf),
    };
    render(&state.app, &chat, &csrf, part.before, Unsent::default()).await
}

/// What the form says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    body: String,
    client_id: ClientId,
}

/// A text that was refused and is given back.
#[derive(Default)]
struct Unsent<'a> {
    body: &'a str,
    client_id: Option<ClientId>,
    problem: Option<&'a Problem>,
}

/// `POST /chat/{conversation}/messages`
pub async fn post(
    State(state): State<WebState>,
    cookie: CandidateCookie,
    csrf: Csrf,
    Path(conversation): Path<ConversationId>,
    Form(form): Form<Written>,
) -> Result<Response, Problem> {
    let chat = match InChat::find(&state.app, &cookie, conversation).await {
        Ok(chat) => chat,
        Err(refusal) => return gone::chat(refusal, &csrf),
    };
    let posted = match Body::parse("body", &form.body) {
        Ok(body) => {
            let message = NewMessage { conversation, client_id: form.client_id, body: body.clone() };
            let posted =
                app::messages::post(&state.app, &chat.actor, Post { message, reply: None, origin: None }).await;
            posted.and_then(|posted| if posted.holds(&body) { Ok(()) } else { Err(form::was_sent_before()) })
        }
        Err(problem) => Err(problem),
    };
    match posted {
        Ok(()) => Ok(Redirect::to(&format!("/chat/{conversation}#end")).into_response()),
        Err(problem) if matches!(problem.code, Code::NotFound | Code::Internal) => Err(problem),
        Err(problem) => {
            // The same id again: should it have been written after all, sending it once more changes nothing.
            let client_id = Some(form.client_id).filter(|_| problem.code != Code::Conflict);
            let unsent = Unsent { body: &form.body, client_id, problem: Some(&problem) };
            let page = render(&state.app, &chat, &csrf, None, unsent).await?;
            let mut answer = (error::status(problem.code), page).into_response();
            error::say_when(&mut answer, &problem);
            Ok(answer)
        }
    }
}

async fn render(
    app: &App,
    chat: &InChat,
    csrf: &Csrf,
    before: Option<i64>,
    unsent: Unsent<'_>,
) -> Result<Response, Problem> {
    let conversation = chat.conversation;
    let reached = app::conversations::find(app, &chat.actor, conversation).await?;
    let from = before.unwrap_or(i64::MAX).max(1);
    let messages =
        app::messages::history(app, &chat.actor, conversation, Stretch::Before(from), Limit::DEFAULT).await?;
    let project = reached.conversation.project;
    let announcements = announcements(app, &chat.actor, project).await?;
    let earlier = messages.items.first().filter(|_| messages.has_more).map(|first| first.seq);
    let begin = earlier.and_then(|_| messages.items.first()).map(|first| first.created_at);
    let end = before.and_then(|_| messages.items.last()).map(|last| last.created_at);
    let shown: Vec<_> = announcements
        .iter()
        .filter(|item| {
            begin.is_none_or(|begin| item.created_at >= begin) && end.is_none_or(|end| item.created_at <= end)
        })
        .collect();
    let hours = answers_within(reached.targets.normal);
    let closed = reached.project_status == ProjectStatus::Closed;
    let closed_at = reached.project_closed_at.filter(|_| closed);
    let page = ChatPage {
        csrf: csrf.token(),
        organization: &chat.organization.name,
        slug: chat.organization.slug.as_str(),
        project: &reached.project_name,
        project_id: project,
        conversation,
        me: chat.candidate,
        with: reached.conversation.assignee.as_ref().map(|user| &user.name),
        headline: if closed { closed_on(closed_at) } else { hours.clone() },
        hours,
        closed_at,
        now: app.clock.now(),
        items: merged(&messages.items, &shown)?,
        last_seq: messages.last_seq,
        last_announcement_seq: announcements.last().map_or(0, |last| last.seq),
        earlier,
        is_past: before.is_some(),
        closed,
        client_id: unsent.client_id.unwrap_or_else(|| app.clock.new_id()),
        draft: unsent.body,
        problem: unsent.problem.map(|problem| problem.message.as_ref()),
    };
    page::show(&page)
}

async fn announcements(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<Announcement>, Problem> {
    let mut all: Vec<Announcement> = Vec::new();
    loop {
        let after = Stretch::After(all.last().map_or(0, |last| last.seq));
        let page = app::announcements::history(app, actor, project, after, Limit::MAX).await?;
        all.extend(page.items);
        if !page.has_more {
            return Ok(all);
        }
    }
}

/// Messages in their order, each announcement before the first message that is younger.
fn merged(messages: &[Message], announcements: &[&Announcement]) -> Result<Vec<String>, Problem> {
    let mut items = Vec::with_capacity(messages.len() + announcements.len());
    let mut waiting = announcements.iter().peekable();
    let mut take_until = |items: &mut Vec<String>, until: Option<Timestamp>| {
        while let Some(next) = waiting.next_if(|next| until.is_none_or(|until| next.created_at < until)) {
            items.push(view::announcement::html(next)?);
        }
        Ok::<_, Problem>(())
    };
    for message in messages {
        take_until(&mut items, Some(message.created_at))?;
        items.push(view::message::html(message)?);
    }
    take_until(&mut items, None)?;
    Ok(items)
}

fn closed_on(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "Closed".to_owned(), |at| format!("Closed on {}", at.to_datetime().format("%-d %B")))
}

/// What the organization has set itself, in words.
fn answers_within(target: TimeDelta) -> String {
    let (number, unit) = match target.num_minutes() {
        minutes @ ..90 => (minutes.max(1), "minute"),
        minutes @ 90..2880 => ((minutes + 30) / 60, "hour"),
        minutes => ((minutes + 720) / 1440, "day"),
    };
    format!("Aims to answer within {number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_stand_where_their_time_is() {
        let (mut first, mut second) = (view::message::sample(), view::message::sample());
        (first.seq, second.seq) = (1, 2);
        second.created_at = first.created_at.plus(TimeDelta::minutes(2));
        let mut between = view::announcement::sample();
        between.created_at = first.created_at.plus(TimeDelta::minutes(1));
        let items = merged(&[first, second], &[&between]).unwrap();
        assert!(items[1].contains("data-announcement-seq") && items[2].contains("data-seq=\"2\""));
    }

    #[test]
    fn the_target_reads_as_people_say_it() {
        assert_eq!(answers_within(TimeDelta::hours(4)), "Aims to answer within 4 hours");
        assert_eq!(answers_within(TimeDelta::minutes(1)), "Aims to answer within 1 minute");
        assert_eq!(answers_within(TimeDelta::days(2)), "Aims to answer within 2 days");
    }
}
