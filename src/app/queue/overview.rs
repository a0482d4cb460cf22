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
    store::{queue, queue::Scope},
};

/// The queue as one member sees it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Waiting and claimed entries, those due first ahead.
    pub entries: Vec<QueueEntry>,
    /// The numbers, of all entries and not only of those listed.
    pub counts: QueueCounts,
}

/// The queue of one project or of all that the member reaches.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates.
pub async fn overview(app: &App, actor: &Actor, project: Option<ProjectId>, limit: Limit) -> Result<Overview, Problem> {
    let mut conn = app.store.read().await?;
    if let Some(project) = project {
        access::project(&mut conn, actor, project).await?;
    }
    let member = actor.member()?;
    let scope = Scope { project, ..access::scope(member) };
    let entries = queue::list(&mut conn, member.organization, scope, limit).await?;
    let counts = queue::count(&mut conn, member.organization, scope).await?;
    Ok(Overview { entries, counts })
}
