//! The views of the dashboard.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        conversation::{Conversation, ConversationStatus, Label},
        ids::{ConversationId, ProjectId, UserId},
        page::Limit,
        problem::Problem,
    },
    store::{
        conversations,
        listing::{self, Counts, Filter, Listed, Part},
        queue::Scope,
    },
};

/// Which conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The queue, in its order.
    #[default]
    Waiting,
    /// Open ones that the asking user takes care of or holds.
    Mine,
    /// Open ones that nobody takes care of.
    Unassigned,
    /// Set aside.
    Snoozed,
    /// Done.
    Closed,
    /// All.
    All,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The view.
    pub view: View,
    /// Only this project.
    pub project: Option<ProjectId>,
    /// Only those with this label.
    pub label: Option<Label>,
    /// Only those of this user.
    pub assignee: Option<UserId>,
    /// Only those with something unread by the asking user.
    pub unread: bool,
    /// How many of the first ones are left out.
    pub skip: u32,
}

/// The conversations of a view; the queue's in its order, others with the latest message first.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates.
pub async fn list(app: &App, actor: &Actor, listing: Listing, limit: Limit) -> Result<Vec<Listed>, Problem> {
    let mut conn = app.store.read().await?;
    if let Some(project) = listing.project {
        access::project(&mut conn, actor, project).await?;
    }
    let member = actor.member()?;
    let Listing { view, project, label, assignee, unread, skip } = listing;
    let filter =
        Filter { scope: Scope { project, ..access::scope(member) }, label, assignee, unread, skip: skip.into() };
    let limit = i64::try_from(limit.get()).unwrap_or(i64::MAX);
    let part = match view {
        View::Waiting => return Ok(listing::in_queue_order(&mut conn, member.organization, &filter, limit).await?),
        View::Mine => Part::Mine,
        View::Unassigned => Part::Unassigned,
        View::Snoozed => Part::SetAside(ConversationStatus::Snoozed),
        View::Closed => Part::SetAside(ConversationStatus::Closed),
        View::All => Part::Every,
    };
    Ok(listing::latest_first(&mut conn, member.organization, &filter, part, limit).await?)
}

/// Which conversations of a whole list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrowing {
    /// Only this project.
    pub project: Option<ProjectId>,
    /// Only those that stand so.
    pub status: Option<ConversationStatus>,
}

/// All conversations that a member reaches, in the order of their ids, from `after` on; also tells whether there are
/// more.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates.
pub async fn by_id(
    app: &App,
    actor: &Actor,
    narrowing: Narrowing,
    after: Option<ConversationId>,
    limit: Limit,
) -> Result<(Vec<Conversation>, bool), Problem> {
    let Narrowing { project, status } = narrowing;
    let mut conn = app.store.read().await?;
    if let Some(project) = project {
        access::project(&mut conn, actor, project).await?;
    }
    let member = actor.member()?;
    let scope = Scope { project, ..access::scope(member) };
    let one_more = i64::try_from(limit.get()).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = listing::by_id(&mut conn, member.organization, scope, status, after, one_more).await?;
    let has_more = found.len() > limit.get();
    found.truncate(limit.get());
    Ok((found, has_more))
}

/// How many conversations each view holds, of one project or of all that the member reaches.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates.
pub async fn counts(app: &App, actor: &Actor, project: Option<ProjectId>) -> Result<Counts, Problem> {
    let mut conn = app.store.read().await?;
    if let Some(project) = project {
        access::project(&mut conn, actor, project).await?;
    }
    let member = actor.member()?;
    let scope = Scope { project, ..access::scope(member) };
    Ok(listing::counts(&mut conn, member.organization, scope).await?)
}

/// The labels in use in the organization, in alphabetical order.
///
/// # Errors
/// `forbidden` for candidates.
pub async fn labels(app: &App, actor: &Actor) -> Result<Vec<Label>, Problem> {
    let organization = actor.member()?.organization;
    let mut conn = app.store.read().await?;
    Ok(conversations::labels_in_use(&mut conn, organization).await?)
}
