//! `project:join` and `project:leave`, and who is in a project's room when its team changes.

use std::{collections::HashSet, sync::Arc};

use socketioxide::extract::SocketRef;

use super::{
    ack::{Answer, Outcome},
    connect::counts_as_team,
    conversations, emit,
    events::OneProject,
    hub::Hub,
    live::Live,
    presence,
    request::Call,
    rooms::Room,
};
use crate::{
    app,
    domain::{
        access::{Actor, Member},
        ids::{OrganizationId, ProjectId},
        presence::Fact,
        problem::{Code, Problem},
        session::EndReason,
    },
};

/// `project:join`
pub async fn join(call: Call<'_>, request: OneProject) -> Outcome {
    let actor = call.live.actor()?;
    let project = app::projects::find(&call.hub.app, actor, request.project).await?;
    enter(call.hub, call.socket, call.live, project.id);
    // The team may have changed between the look and the room.
    if let Err(problem) = app::projects::find(&call.hub.app, actor, request.project).await {
        exit(call.hub, call.socket, call.live, request.project);
        return Err(problem);
    }
    Answer::done().with("project", &project)
}

/// `project:leave`
pub async fn leave(call: Call<'_>, request: OneProject) -> Outcome {
    let project = app::projects::find(&call.hub.app, call.live.actor()?, request.project).await?;
    exit(call.hub, call.socket, call.live, project.id);
    Answer::done().with("project", &project)
}

/// Puts a member's socket into a project's room.
pub fn enter(hub: &Hub, socket: &SocketRef, live: &Live, project: ProjectId) {
    {
        let mut state = live.state();
        if state.gone || live.is_ended() || !state.joined.insert(project) {
            return;
        }
        socket.join(Room::Project(project).to_string());
    }
    if let Ok(Actor::Member(member)) = live.actor()
        && counts_as_team(member)
    {
        presence::begin(hub, live, Fact::Team { project });
    }
}

/// Takes a member's socket out of a project's room.
pub fn exit(hub: &Arc<Hub>, socket: &SocketRef, live: &Live, project: ProjectId) {
    if live.state().joined.remove(&project) {
        socket.leave(Room::Project(project).to_string());
        presence::end(hub, live, &Fact::Team { project });
    }
}

/// A project is new or its team changed: every member's socket is put where it belongs now.
pub async fn sort_anew(hub: &Arc<Hub>, organization: OrganizationId, project: ProjectId) {
    let Some(of) = hub.organization(organization) else { return };
    for socket in hub.sockets_of(&of) {
        let Some(live) = Live::of(&socket) else { continue };
        let Ok(Actor::Member(member)) = live.actor() else { continue };
        match app::projects::get(&hub.app, member, project).await {
            Ok(_) => enter(hub, &socket, &live, project),
            Err(problem) if problem.code == Code::NotFound => leave_for_good(hub, &socket, &live, project),
            Err(problem) => lost(&socket, &problem),
        }
    }
}

/// Word of changes may have been missed: every member's socket is put where it belongs now, in every project.
pub async fn sort_all_anew(hub: &Arc<Hub>) {
    for socket in hub.sockets() {
        let Some(live) = Live::of(&socket) else { continue };
        let Ok(Actor::Member(member)) = live.actor() else { continue };
        if let Err(problem) = sort(hub, &socket, &live, member).await {
            lost(&socket, &problem);
        }
    }
}

/// Puts a member's socket into the rooms of the projects that the member reads, and out of all others.
///
/// # Errors
/// The projects could not be read.
pub async fn sort(hub: &Arc<Hub>, socket: &SocketRef, live: &Live, member: &Member) -> Result<(), Problem> {
    let reads = app::projects::of_member(&hub.app, member).await?;
    for project in &reads {
        enter(hub, socket, live, *project);
    }
    let within: HashSet<_> = {
        let state = live.state();
        state.joined.iter().chain(state.opened.values()).copied().collect()
    };
    for project in within.into_iter().filter(|project| !reads.contains(project)) {
        leave_for_good(hub, socket, live, project);
    }
    Ok(())
}

/// Takes a member's socket out of a project that the member does not read any more.
fn leave_for_good(hub: &Arc<Hub>, socket: &SocketRef, live: &Live, project: ProjectId) {
    exit(hub, socket, live, project);
    let opened: Vec<_> = {
        let state = live.state();
        state.opened.iter().filter(|(_, of)| **of == project).map(|(conversation, _)| *conversation).collect()
    };
    for conversation in opened {
        conversations::exit(hub, socket, live, conversation);
    }
}

/// It cannot be found out whether a socket may stay in its rooms, so it does not; it connects again.
fn lost(socket: &SocketRef, problem: &Problem) {
    tracing::error!(%problem, "a project's team could not be read");
    emit::end(socket, EndReason::Expired);
}
