//! A new project.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        audit::{Act, Action},
        event::Event,
        problem::Problem,
        project::{Project, ProjectStatus},
        text::Name,
        user::Role,
    },
    store::{Change, Tx, audit, projects},
};

struct Create {
    actor: Actor,
    name: Name,
    restricted: bool,
}

/// Creates an open project; who creates it is named in its team. For recruiters.
///
/// # Errors
/// `forbidden` for others, `rate_limited`.
pub async fn create(app: &App, actor: &Actor, name: Name, restricted: bool) -> Result<Project, Problem> {
    let member = access::member_with(actor, Role::Recruiter)?;
    app.limits.member_writes(member.organization, member.id())?;
    app.store.commit(Create { actor: actor.clone(), name, restricted }).await
}

impl Change for Create {
    type Output = Project;

    async fn apply(&self, tx: &mut Tx) -> Result<Project, Problem> {
        let member = access::member_with(&self.actor, Role::Recruiter)?;
        let project = Project {
            id: tx.new_id(),
            organization: member.organization,
            name: self.name.clone(),
            status: ProjectStatus::Open,
            restricted: self.restricted,
            last_announcement_seq: 0,
            created_at: tx.now(),
        };
        projects::insert(&mut tx.conn, &project).await?;
        if let Some(user) = member.user() {
            projects::set_team(&mut tx.conn, project.id, &[user]).await?;
        }
        tx.announce(Event::ProjectChanged { organization: project.organization, project: project.id });
        let act = Act::new(member, Action::ProjectCreated).within(project.organization).on(&project);
        audit::record(tx, act.fact("restricted", project.restricted)).await?;
        Ok(project)
    }
}
