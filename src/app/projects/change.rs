//! A project's name, state and team.

use crate::{
    app::{App, access, members::take_from_outsiders, queue},
    domain::{
        access::{Actor, Member},
        audit::{Act, Action},
        event::Event,
        ids::{ProjectId, UserId},
        problem::Problem,
        project::{Project, ProjectStatus},
        text::Name,
        user::Role,
    },
    store::{Change, Tx, audit, members, projects},
};

enum Step {
    Rename(Name),
    Status(ProjectStatus),
    Team { restricted: Option<bool>, team: Option<Team> },
}

/// Who is to be named.
enum Team {
    /// These and no others.
    All(Vec<UserId>),
    /// As it is at that moment, with these and without those.
    Changed { add: Vec<UserId>, remove: Vec<UserId> },
}

/// What a person changed of a project's team; everything else stays as it is at that moment.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// Whether only named members are its team.
    pub restricted: Option<bool>,
    /// Who is named now.
    pub add: Vec<UserId>,
    /// Who is named no longer.
    pub remove: Vec<UserId>,
}

/// What is to be changed of a project; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct ProjectChange {
    /// Another name.
    pub name: Option<Name>,
    /// Closed, or open again.
    pub status: Option<ProjectStatus>,
    /// Whether only named members are its team.
    pub restricted: Option<bool>,
    /// All named members anew.
    pub team: Option<Vec<UserId>>,
}

struct ChangeProject {
    actor: Actor,
    id: ProjectId,
    steps: Vec<Step>,
}

async fn commit(app: &App, actor: &Actor, id: ProjectId, steps: Vec<Step>) -> Result<Project, Problem> {
    app.limits.changes(actor)?;
    app.store.commit(ChangeProject { actor: actor.clone(), id, steps }).await
}

/// Changes several things of a project, all or none. For recruiters of its team, and owners.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`; `invalid` on `team` for somebody who is no member of the organization.
pub async fn change(app: &App, actor: &Actor, id: ProjectId, change: ProjectChange) -> Result<Project, Problem> {
    let ProjectChange { name, status, restricted, team } = change;
    let any = restricted.is_some() || team.is_some();
    let team = any.then_some(Step::Team { restricted, team: team.map(Team::All) });
    let steps = [team, name.map(Step::Rename), status.map(Step::Status)].into_iter().flatten().collect();
    commit(app, actor, id, steps).await
}

/// Gives a project another name. For recruiters of its team, and owners.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`.
pub async fn rename(app: &App, actor: &Actor, id: ProjectId, name: Name) -> Result<Project, Problem> {
    commit(app, actor, id, vec![Step::Rename(name)]).await
}

/// Closes a project: nobody can write in it until it is opened again. What waits there is paused: it is in no list and no
/// number, since nobody could answer, and waits again at its old place once the project is open. For recruiters of its
/// team, and owners.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`.
pub async fn close(app: &App, actor: &Actor, id: ProjectId) -> Result<Project, Problem> {
    commit(app, actor, id, vec![Step::Status(ProjectStatus::Closed)]).await
}

/// Opens a closed project again. For recruiters of its team, and owners.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`.
pub async fn reopen(app: &App, actor: &Actor, id: ProjectId) -> Result<Project, Problem> {
    commit(app, actor, id, vec![Step::Status(ProjectStatus::Open)]).await
}

/// Says whether only named members are the team, and names them. For owners, and recruiters who are named.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`; `invalid` on `team` for somebody who is no member of the organization.
pub async fn set_team(
    app: &App,
    actor: &Actor,
    id: ProjectId,
    restricted: bool,
    team: Vec<UserId>,
) -> Result<Project, Problem> {
    commit(app, actor, id, vec![Step::Team { restricted: Some(restricted), team: Some(Team::All(team)) }]).await
}

/// As [`set_team`], for what was changed alone: two people who change different members at once both have their way.
///
/// # Errors
/// As [`set_team`].
pub async fn change_team(app: &App, actor: &Actor, id: ProjectId, change: TeamChange) -> Result<Project, Problem> {
    let TeamChange { restricted, add, remove } = change;
    commit(app, actor, id, vec![Step::Team { restricted, team: Some(Team::Changed { add, remove }) }]).await
}

impl Change for ChangeProject {
    type Output = Project;

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Project, Problem> {
        let mut project = access::project_to_manage(&mut tx.conn, &self.actor, self.id, Role::Recruiter).await?.project;
        let organization = project.organization;
        let member = self.actor.member()?;
        for step in &self.steps {
            let act = self.take(tx, member, step, &mut project).await?;
            // What stays what it was is no change.
            if let Some(act) = act {
                audit::record(tx, act.within(organization).on(&project)).await?;
            }
        }
        tx.announce(Event::ProjectChanged { organization, project: self.id });
        Ok(project)
    }
}

impl ChangeProject {
    async fn take(
        &self,
        tx: &mut Tx,
        member: &Member,
        step: &Step,
        project: &mut Project,
    ) -> Result<Option<Act>, Problem> {
        let organization = project.organization;
        match step {
            Step::Rename(name) => {
                projects::rename(&mut tx.conn, organization, self.id, name).await?;
                let before = std::mem::replace(&mut project.name, name.clone());
                let act = Act::new(member, Action::ProjectRenamed).change("name", &before, name);
                Ok((before != *name).then_some(act))
            }
            Step::Status(status) => {
                let now = tx.now();
                projects::set_status(&mut tx.conn, organization, self.id, *status, now).await?;
                let before = std::mem::replace(&mut project.status, *status);
                queue::follow_project(tx, organization, self.id, *status).await?;
                let action = match status {
                    ProjectStatus::Open => Action::ProjectOpened,
                    ProjectStatus::Closed => Action::ProjectClosed,
                };
                Ok((before != *status).then(|| Act::new(member, action)))
            }
            Step::Team { restricted, team } => {
                let act = self.set_team(tx, member, project, *restricted, team.as_ref()).await?;
                Ok((!act.facts.is_empty()).then_some(act))
            }
        }
    }

    async fn set_team(
        &self,
        tx: &mut Tx,
        member: &Member,
        project: &mut Project,
        restricted: Option<bool>,
        team: Option<&Team>,
    ) -> Result<Act, Problem> {
        let organization = project.organization;
        require_leader(tx, &self.actor, self.id).await?;
        for user in team.into_iter().flat_map(Team::added) {
            if members::role(&mut tx.conn, organization, *user).await?.is_none() {
                return Err(Problem::invalid("team", "Only members of the organization can be named."));
            }
        }
        let mut act = Act::new(member, Action::ProjectTeamChanged);
        if let Some(restricted) = restricted {
            projects::set_restricted(&mut tx.conn, organization, self.id, restricted).await?;
            act = act.change("restricted", project.restricted, restricted);
            project.restricted = restricted;
        }
        if let Some(team) = team {
            let before = projects::team(&mut tx.conn, self.id).await?;
            let now = team.applied_to(before.iter().map(|brief| brief.id).collect());
            projects::set_team(&mut tx.conn, self.id, &now).await?;
            let before: Vec<Name> = before.into_iter().map(|brief| brief.name).collect();
            act = act.change("team", before, names(tx, self.id).await?);
        }
        if project.restricted {
            take_from_outsiders(tx, organization, self.id).await?;
        }
        Ok(act)
    }
}

impl Team {
    fn added(&self) -> &[UserId] {
        match self {
            Self::All(team) => team,
            Self::Changed { add, .. } => add,
        }
    }

    /// The team that this makes of another.
    fn applied_to(&self, before: Vec<UserId>) -> Vec<UserId> {
        match self {
            Self::All(team) => team.clone(),
            Self::Changed { add, remove } => {
                before.into_iter().filter(|user| !remove.contains(user)).chain(add.iter().copied()).collect()
            }
        }
    }
}

/// The names of those who are named.
async fn names(tx: &mut Tx, id: ProjectId) -> Result<Vec<Name>, Problem> {
    Ok(projects::team(&mut tx.conn, id).await?.into_iter().map(|brief| brief.name).collect())
}

/// Recruiters who are not named in a team must not lock the others out.
async fn require_leader(tx: &mut Tx, actor: &Actor, id: ProjectId) -> Result<(), Problem> {
    let member = actor.member()?;
    let Some(user) = member.user() else { return Ok(()) };
    let named = projects::team(&mut tx.conn, id).await?.iter().any(|brief| brief.id == user);
    if named || member.role == Role::Owner { Ok(()) } else { Err(Problem::forbidden()) }
}
