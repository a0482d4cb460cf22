//! What waits and what is claimed.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        ids::ProjectId,
        page::Limit,
        problem::Problem,
        queue::{QueueCounts, QueueEntry},
    },
    store::{
        queue,
        queue::{Scope, Turn},
    },
};

/// The queue as one member sees it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Waiting and claimed entries, those due first ahead.
    pub entries: Vec<QueueEntry>,
    /// The numbers, of all entries and not only of those listed.
    pub counts: QueueCounts,
    /// Behind which turn the list goes on, if it does.
    pub next: Option<Turn>,
}

/// The queue in numbers.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// How many wait and how many somebody holds.
    pub counts: QueueCounts,
    /// How many of both should have been answered by now; counting ends at [`Numbers::MOST_OVERDUE`].
    pub overdue: i64,
}

impl Numbers {
    /// Beyond this many it makes no difference how many are overdue, only how long it takes to count them.
    pub const MOST_OVERDUE: i64 = 1000;
}

/// The numbers of one project or of all that the member reaches.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates.
pub async fn numbers(app: &App, actor: &Actor, project: Option<ProjectId>) -> Result<Numbers, Problem> {
    let mut conn = app.store.read().await?;
    if let Some(project) = project {
        access::project(&mut conn, actor, project).await?;
    }
    let member = actor.member()?;
    let scope = Scope { project, ..access::scope(member) };
    let counts = queue::count(&mut conn, member.organization, scope).await?;
    let now = app.clock.now();
    let overdue = queue::count_overdue(&mut conn, member.organization, scope, now, Numbers::MOST_OVERDUE).await?;
    Ok(Numbers { counts, overdue })
}

/// The queue of one project or of all that the member reaches.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates.
pub async fn overview(app: &App, actor: &Actor, project: Option<ProjectId>, limit: Limit) -> Result<Overview, Problem> {
    overview_after(app, actor, project, None, limit).await
}

/// As [`overview`], with the entries behind a turn.
///
/// # Errors
/// As [`overview`].
pub async fn overview_after(
    app: &App,
    actor: &Actor,
    project: Option<ProjectId>,
    after: Option<Turn>,
    limit: Limit,
) -> Result<Overview, Problem> {
    let mut conn = app.store.read().await?;
    if let Some(project) = project {
        access::project(&mut conn, actor, project).await?;
    }
    let member = actor.member()?;
    let scope = Scope { project, ..access::scope(member) };
    let (entries, has_more) = queue::list(&mut conn, member.organization, scope, after, limit).await?;
    let counts = queue::count(&mut conn, member.organization, scope).await?;
    let next = entries.last().filter(|_| has_more).map(Turn::from);
    Ok(Overview { entries, counts, next })
}
