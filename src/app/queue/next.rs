//! The button that recruiters press most: take what has waited longest.

use chrono::TimeDelta;

use super::claim::{Claimed, take};
use crate::{
    app::{App, access},
    domain::{access::Actor, ids::ProjectId, problem::Problem, user::Role},
    store::{Change, Tx, queue, queue::Scope},
};

/// Claims the head of the queue, of one project or of all that the member reaches; `None` when nothing waits.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates and viewers.
pub async fn next(app: &App, actor: &Actor, project: Option<ProjectId>) -> Result<Option<Claimed>, Problem> {
    app.store.commit(Next { actor: actor.clone(), project, lease: app.settings.lease }).await
}

struct Next {
    actor: Actor,
    project: Option<ProjectId>,
    lease: TimeDelta,
}

impl Change for Next {
    type Output = Option<Claimed>;

    async fn apply(&self, tx: &mut Tx) -> Result<Option<Claimed>, Problem> {
        if let Some(project) = self.project {
            access::project(&mut tx.conn, &self.actor, project).await?;
        }
        let member = self.actor.member()?;
        member.require(Role::Recruiter)?;
        let scope = Scope { project: self.project, ..access::scope(member) };
        let now = tx.now();
        match queue::head(&mut tx.conn, member.organization, scope, now).await? {
            Some(entry) => take(tx, entry, member, self.lease).await.map(Some),
            None => Ok(None),
        }
    }
}
