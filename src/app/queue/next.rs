//! The button that recruiters press most: take the most urgent conversation.

use chrono::TimeDelta;

use super::claim::{Claimed, take};
use crate::{
    app::{App, access},
    domain::{access::Actor, ids::ProjectId, problem::Problem, user::Role},
    store::{
        Change, Tx, queue,
        queue::{Locked, Scope},
    },
};

/// Claims the head of the queue, of one project or of all that the member reaches; `None` when nothing waits.
///
/// Entries that another server is changing at that moment are passed over, unless there are no others.
///
/// # Errors
/// `not_found` for another's project, `forbidden` for candidates and viewers.
pub async fn next(app: &App, actor: &Actor, project: Option<ProjectId>) -> Result<Option<Claimed>, Problem> {
    let next = |locked| Next { actor: actor.clone(), project, lease: app.settings.lease, locked };
    match app.store.commit(next(Locked::Skip)).await? {
        Head::AllLocked => match app.store.commit(next(Locked::Wait)).await? {
            Head::Claimed(claimed) => Ok(Some(*claimed)),
            Head::Nothing | Head::AllLocked => Ok(None),
        },
        Head::Claimed(claimed) => Ok(Some(*claimed)),
        Head::Nothing => Ok(None),
    }
}

struct Next {
    actor: Actor,
    project: Option<ProjectId>,
    lease: TimeDelta,
    locked: Locked,
}

/// What was found at the head of the queue.
enum Head {
    /// An entry, which the member now holds.
    Claimed(Box<Claimed>),
    /// Only entries that another server was changing.
    AllLocked,
    /// Nothing waits.
    Nothing,
}

impl Change for Next {
    type Output = Head;

    fn runs_alone(&self) -> bool {
        self.locked == Locked::Wait
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Head, Problem> {
        if let Some(project) = self.project {
            access::project(&mut tx.conn, &self.actor, project).await?;
        }
        let member = self.actor.member()?;
        member.require(Role::Recruiter)?;
        let scope = Scope { project: self.project, ..access::scope(member) };
        let now = tx.now();
        match queue::head(&mut tx.conn, member.organization, scope, now, self.locked).await? {
            Some(entry) => {
                // Where it waited for a lock, the lease runs from here.
                tx.refresh_now();
                take(tx, entry, member, self.lease).await.map(Box::new).map(Head::Claimed)
            }
            None if tx.is_only_writer() || self.locked == Locked::Wait => Ok(Head::Nothing),
            None if queue::any_waits(&mut tx.conn, member.organization, scope, now).await? => Ok(Head::AllLocked),
            None => Ok(Head::Nothing),
        }
    }
}
