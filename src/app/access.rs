//! The one rule of who reaches what. What is not found for a caller does not exist for that caller.

mod conversation;

use crate::{
    app::App,
    domain::{
        access::{Actor, CandidateActor, Member},
        ids::ProjectId,
        problem::{Code, Problem},
        project::{Project, ProjectStatus},
        user::Role,
    },
    store::{Conn, projects},
};

pub use self::conversation::{
    conversation, conversation_to_change, conversation_to_work_on, conversation_to_write_to, known_to, scope,
};

/// The member behind an actor, with at least that role.
///
/// # Errors
/// `forbidden` for candidates and lesser roles.
pub fn member_with(actor: &Actor, role: Role) -> Result<&Member, Problem> {
    let member = actor.member()?;
    member.require(role)?;
    Ok(member)
}

/// A project that an actor has reached.
#[derive(Clone, Debug)]
pub struct ProjectAccess {
    /// The project.
    pub project: Project,
}

impl ProjectAccess {
    /// Checks that it takes messages.
    ///
    /// # Errors
    /// `project_closed`.
    pub fn require_open(&self) -> Result<(), Problem> {
        match self.project.status {
            ProjectStatus::Open => Ok(()),
            ProjectStatus::Closed => {
                Err(Problem::new(Code::ProjectClosed, "This project is closed and takes no more messages."))
            }
        }
    }
}

/// A project whose conversations an actor of the team may read.
///
/// # Errors
/// `not_found` where it is another organization's or a restricted one of others; also for candidates.
pub async fn project(conn: &mut Conn, actor: &Actor, id: ProjectId) -> Result<ProjectAccess, Problem> {
    let Actor::Member(member) = actor else { return Err(Problem::not_found()) };
    project_of_member(conn, member, id).await
}

/// As [`project`], for a member.
///
/// # Errors
/// As [`project`].
pub async fn project_of_member(conn: &mut Conn, member: &Member, id: ProjectId) -> Result<ProjectAccess, Problem> {
    match projects::find(conn, member.organization, member.user(), id).await? {
        Some((project, true)) => Ok(ProjectAccess { project }),
        _ => Err(Problem::not_found()),
    }
}

/// A project whose name, state and team an actor may manage: one that they read, or any where they are an owner.
///
/// # Errors
/// `not_found` as in [`project`], `forbidden` where the role is less than `role`.
pub async fn project_to_manage(
    conn: &mut Conn,
    actor: &Actor,
    id: ProjectId,
    role: Role,
) -> Result<ProjectAccess, Problem> {
    let Actor::Member(member) = actor else { return Err(Problem::not_found()) };
    match projects::find(conn, member.organization, member.user(), id).await? {
        Some((project, readable)) if readable || member.role == Role::Owner => {
            member.require(role)?;
            Ok(ProjectAccess { project })
        }
        _ => Err(Problem::not_found()),
    }
}

/// Tells a member who is over a rate limit first what would have been refused before it.
///
/// # Errors
/// `not_found`, or `forbidden` for viewers.
pub async fn project_to_write_to(app: &App, actor: &Actor, id: ProjectId) -> Result<(), Problem> {
    let mut conn = app.store.read().await?;
    project(&mut conn, actor, id).await?;
    member_with(actor, Role::Recruiter).map(drop)
}

/// A project in which a candidate has entered a conversation, for its announcements.
///
/// # Errors
/// `not_found` for every other project.
pub async fn project_as_candidate(
    conn: &mut Conn,
    candidate: &CandidateActor,
    id: ProjectId,
) -> Result<ProjectAccess, Problem> {
    for (conversation, _) in &candidate.conversations {
        let found = projects::find_of_conversation(conn, candidate.organization, id, *conversation).await?;
        if let Some(project) = found {
            return Ok(ProjectAccess { project });
        }
    }
    Err(Problem::not_found())
}

/// A project whose announcements an actor may read: the team's own, and those of a candidate's conversations.
///
/// # Errors
/// `not_found` for every other project.
pub async fn project_of_announcements(conn: &mut Conn, actor: &Actor, id: ProjectId) -> Result<ProjectAccess, Problem> {
    match actor {
        Actor::Member(member) => project_of_member(conn, member, id).await,
        Actor::Candidate(candidate) => project_as_candidate(conn, candidate, id).await,
    }
}
