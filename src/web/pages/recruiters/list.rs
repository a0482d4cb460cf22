//! The dashboard's first two columns.

use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::{dashboard::Wanted, here::Here};
use crate::{
    app::{
        self,
        conversations::{Counts, Listed, ListedEntry, Listing, View},
        queue::Numbers,
    },
    domain::{
        conversation::Label,
        ids::{ConversationId, Id, ProjectId},
        message::{Author, AuthorKind},
        page::Limit,
        problem::Problem,
        project::ProjectStatus,
        queue::{EntryState, QueueCounts},
        text,
        user::Role,
    },
    view::{
        inbox::{Filter, Inbox, Person, Place, Row, Upcoming, Waits},
        text::plain,
    },
};

const VIEWS: [(&str, &str, View); 6] = [
    ("waiting", "Waiting", View::Waiting),
    ("mine", "Mine", View::Mine),
    ("unassigned", "Unassigned", View::Unassigned),
    ("snoozed", "Snoozed", View::Snoozed),
    ("closed", "Closed", View::Closed),
    ("all", "All", View::All),
];
/// How many rows a list shows at first.
const USUALLY: u16 = 100;

/// The view that the address names.
struct Chosen {
    key: &'static str,
    title: &'static str,
    view: View,
    project: Option<ProjectId>,
    filter: Filter,
}

impl Chosen {
    fn of(wanted: &Wanted) -> Self {
        let named = VIEWS.into_iter().find(|(key, ..)| wanted.view.as_deref() == Some(key));
        let (key, title, view) = named.unwrap_or(VIEWS[0]);
        Self {
            key,
            title,
            view,
            project: wanted.project.as_deref().and_then(|id| id.parse().ok()),
            filter: Filter {
                label: wanted.label.as_deref().and_then(|label| Label::parse(label).ok()),
                assignee: wanted.assignee.as_deref().and_then(|id| id.parse::<Uuid>().ok()),
                unread: wanted.unread.as_deref() == Some("true"),
            },
        }
    }

    /// The query that leads to a view, as short as it can be.
    fn query(view: &str, project: Option<ProjectId>, filter: &Filter) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("view", view);
        if let Some(project) = project {
            query.append_pair("project", &project.to_string());
        }
        if let Some(label) = &filter.label {
            query.append_pair("label", label.as_str());
        }
        if let Some(assignee) = filter.assignee {
            query.append_pair("assignee", &assignee.to_string());
        }
        if filter.unread {
            query.append_pair("unread", "true");
        }
        query.finish()
    }
}

/// What the first two columns show.
pub async fn inbox(here: &Here, wanted: &Wanted, current: Option<ConversationId>) -> Result<Inbox, Problem> {
    let chosen = Chosen::of(wanted);
    let (app, actor) = (&here.app, &here.actor);
    let limit = Limit::parse(wanted.limit.unwrap_or(USUALLY.into()))?;
    let skip = wanted.skip.unwrap_or(0);
    let listing = Listing {
        view: chosen.view,
        project: chosen.project,
        label: chosen.filter.label.clone(),
        assignee: chosen.filter.assignee.map(Into::into),
        unread: chosen.filter.unread,
        skip,
    };
    let listed = app::conversations::list(app, actor, listing, limit).await?;
    let counts = app::conversations::counts(app, actor, chosen.project).await?;
    let numbers = app::queue::numbers(app, actor, chosen.project).await?;
    let query = Chosen::query(chosen.key, chosen.project, &chosen.filter);
    let home = here.home();
    let more = (listed.len() >= limit.get()).then(|| more(limit, skip));
    let next = next(here, &chosen, skip, &listed);
    let rows = listed.into_iter().map(|listed| row(here, &query, listed, current)).collect();
    Ok(Inbox {
        address: format!("{home}?{query}{}", stretch(limit, skip)),
        first_href: (skip > 0).then(|| format!("{home}?{query}")),
        view: chosen.key,
        title: chosen.title,
        total: count(&counts, chosen.view),
        summary: summary(&numbers),
        views: views(&home, &chosen, &counts),
        projects: projects(here, &chosen).await?,
        every_project_href: format!("{home}?{}", Chosen::query(chosen.key, None, &Filter::default())),
        project: chosen.project,
        labels: labels(here).await?,
        members: members(here).await?,
        filter: chosen.filter,
        next,
        rows,
        more_href: more.map(|(limit, skip)| format!("{home}?{query}{}", stretch(limit, skip))),
    })
}

/// What follows a full list: more of it, or the part behind it.
fn more(limit: Limit, skip: u32) -> (Limit, u32) {
    if limit == Limit::MAX {
        (limit, skip.saturating_add(u32::try_from(limit.get()).unwrap_or(u32::MAX)))
    } else {
        (Limit::MAX, skip)
    }
}

/// The part of a list in its address; nothing where it is the usual one.
fn stretch(limit: Limit, skip: u32) -> String {
    if limit.get() == usize::from(USUALLY) && skip == 0 {
        String::new()
    } else {
        format!("&limit={}&skip={skip}", limit.get())
    }
}

fn row(here: &Here, query: &str, listed: Listed, current: Option<ConversationId>) -> Row {
    let conversation = &listed.conversation;
    let href = format!("{}/conversations/{}?{query}", here.home(), conversation.id);
    let mut row = Row::new(href, conversation, listed.project_name.to_string());
    row.current = current == Some(conversation.id);
    row.project_closed = listed.project_status == ProjectStatus::Closed;
    let from_candidate = |author: &Author| author.kind == AuthorKind::Candidate;
    row.unread = listed.last_author.as_ref().is_some_and(from_candidate) && listed.read_seq < conversation.last_seq;
    say(&mut row, &listed, here.member.id());
    match listed.entry {
        Some(entry) if is_queued(&entry) => {
            row.entry = Some(Waits {
                unread: entry.unread,
                asks_for_link: entry.asks_for_link,
                enqueued_at: entry.enqueued_at,
                due_at: entry.due_at,
                claimed_by: entry.holder,
            });
        }
        Some(entry) => row.unread_aside = entry.unread,
        None => {}
    }
    row
}

const fn is_queued(entry: &ListedEntry) -> bool {
    matches!(entry.state, EntryState::Waiting | EntryState::Claimed)
}

/// What a row shows of the conversation: what nobody has answered, or else what was said last and by whom.
pub fn say(row: &mut Row, listed: &Listed, me: Uuid) {
    if let Some(entry) = listed.entry.as_ref().filter(|entry| entry.unread > 0 || entry.asks_for_link) {
        row.preview.clone_from(&entry.preview);
        return;
    }
    row.preview = listed.last_body.as_deref().map(text::preview).unwrap_or_default();
    row.said_by = listed.last_author.as_ref().filter(|author| author.kind != AuthorKind::Candidate).map(|author| {
        let first = author.name.split_whitespace().next().unwrap_or(&author.name);
        if author.id == me { "You".to_owned() } else { plain(first) }
    });
}

/// The conversation that Next would take: the first that waits, unless it is another's and not due yet.
fn next(here: &Here, chosen: &Chosen, skip: u32, listed: &[Listed]) -> Option<Upcoming> {
    if chosen.view != View::Waiting || chosen.filter.is_set() || skip > 0 {
        return None;
    }
    let (me, now) = (here.member.id(), here.app.clock.now());
    listed.iter().find_map(|listed| {
        let entry = listed.entry.as_ref().filter(|entry| entry.state == EntryState::Waiting)?;
        let assignee = listed.conversation.assignee.as_ref();
        let is_mine = assignee.is_none_or(|assignee| assignee.id.uuid() == me) || entry.due_at <= now;
        is_mine.then(|| Upcoming { candidate: listed.conversation.candidate.name.clone(), due_at: entry.due_at })
    })
}

const fn count(counts: &Counts, view: View) -> i64 {
    match view {
        View::Waiting => counts.waiting,
        View::Mine => counts.mine,
        View::Unassigned => counts.unassigned,
        View::Snoozed => counts.snoozed,
        View::Closed => counts.closed,
        View::All => counts.every_one,
    }
}

fn views(home: &str, chosen: &Chosen, counts: &Counts) -> Vec<Place> {
    VIEWS
        .into_iter()
        .map(|(key, name, view)| Place {
            key: key.to_owned(),
            name: name.to_owned(),
            href: format!("{home}?{}", Chosen::query(key, chosen.project, &Filter::default())),
            count: Some(count(counts, view)),
            current: key == chosen.key,
        })
        .collect()
}

async fn projects(here: &Here, chosen: &Chosen) -> Result<Vec<Place>, Problem> {
    let all = app::projects::list(&here.app, &here.actor).await?;
    let home = here.home();
    Ok(all
        .into_iter()
        .filter(|summary| summary.readable)
        .map(|summary| Place {
            key: summary.project.id.to_string(),
            name: summary.project.name.to_string(),
            href: format!("{home}?{}", Chosen::query(chosen.key, Some(summary.project.id), &Filter::default())),
            count: Some(summary.waiting + summary.claimed),
            current: chosen.project == Some(summary.project.id),
        })
        .collect())
}

async fn labels(here: &Here) -> Result<Vec<String>, Problem> {
    let labels = app::conversations::labels(&here.app, &here.actor).await?;
    Ok(labels.iter().map(|label| label.as_str().to_owned()).collect())
}

/// Who can take care of a conversation.
async fn members(here: &Here) -> Result<Vec<Person>, Problem> {
    let members = app::members::list(&here.app, &here.actor).await?;
    Ok(members
        .into_iter()
        .filter(|member| member.role >= Role::Recruiter)
        .map(|member| Person { id: member.id.uuid(), name: member.name })
        .collect())
}

/// The queue in a sentence.
fn summary(numbers: &Numbers) -> String {
    let Numbers { counts: QueueCounts { waiting, claimed, .. }, overdue } = *numbers;
    if waiting + claimed == 0 {
        return "Nobody is waiting".to_owned();
    }
    let mut parts = vec![format!("{waiting} waiting")];
    if claimed > 0 {
        parts.push(format!("{claimed} being answered"));
    }
    if overdue > 0 {
        let or_more = if overdue == Numbers::MOST_OVERDUE { "+" } else { "" };
        parts.push(format!("{overdue}{or_more} overdue"));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_on_until_its_end() {
        let first = Limit::parse(USUALLY.into()).unwrap();
        assert_eq!(stretch(first, 0), "");
        let (limit, skip) = more(first, 0);
        assert_eq!(stretch(limit, skip), "&limit=200&skip=0");
        let (limit, skip) = more(limit, skip);
        assert_eq!(stretch(limit, skip), "&limit=200&skip=200");
    }
}
