//! How a socket comes in: admitted by the middleware, welcomed after.
//!
//! The library tells the client that it is connected between the two, so a request can arrive before the welcome. Its handlers
//! are there by then.

use std::{fmt, sync::Arc};

use serde_json::json;
use socketioxide::{ParserError, extract::SocketRef};

use super::{
    connection::Connection,
    credentials::{self, Auth},
    emit,
    hub::Hub,
    live::{Caller, Live},
    mailbox::Slot,
    presence, projects,
    rooms::Room,
    typing,
};
use crate::{
    app::{self, limits::Knocks},
    domain::{
        access::{Actor, CandidateActor, Identity, Member},
        event::ActorBrief,
        ids::{Id, OrganizationId},
        message::AuthorKind,
        presence::Fact,
        problem::Problem,
        session::EndReason,
        user::Role,
    },
};

/// Why nobody was let in, in the words of `CONNECT_ERROR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The library's own words for a namespace that does not exist: nobody learns which organizations there are.
    Unknown,
    /// The chat link was good once.
    LinkExpired,
    /// The chat link was good once.
    LinkRevoked,
    /// The server stops; another, or the same one again, is there soon.
    Restarting,
    /// Who it is could not be looked up, or comes in too often; it may work in a moment.
    Unavailable,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "Invalid namespace",
            Self::LinkExpired => "link_expired",
            Self::LinkRevoked => "link_revoked",
            Self::Restarting => "server_restart",
            Self::Unavailable => "unavailable",
        })
    }
}

/// Finds out who a socket is and gives it its handlers.
///
/// # Errors
/// Nobody who belongs here.
pub async fn admit(
    hub: &Arc<Hub>,
    organization: OrganizationId,
    socket: &SocketRef,
    auth: Result<Auth, ParserError>,
) -> Result<(), Refusal> {
    let auth = auth.map_err(|_| Refusal::Unknown)?;
    if hub.is_closing() {
        return Err(Refusal::Restarting);
    }
    let actor = knock(hub, organization, socket, &auth).await?;
    equip(hub, socket, &Live::new(Caller::Actor(actor), auth.html, Arc::clone(&hub.app.metrics)));
    Ok(())
}

/// Finds out who it is, unless the connection has tried in vain too often: then it is refused in the same words without a
/// look, so that nobody learns more by it. Whoever is found pays for coming in as for any other request.
async fn knock(hub: &Hub, organization: OrganizationId, socket: &SocketRef, auth: &Auth) -> Result<Actor, Refusal> {
    let knocks = socket.req_parts().extensions.get::<Arc<Knocks>>();
    if knocks.is_some_and(|knocks| !knocks.may_knock()) {
        return Err(Refusal::Unknown);
    }
    let found = credentials::actor(hub, organization, socket, auth).await;
    let is_in_vain = matches!(found, Err(Refusal::Unknown | Refusal::LinkExpired | Refusal::LinkRevoked));
    if let Some(knocks) = knocks.filter(|_| is_in_vain) {
        knocks.was_in_vain();
    }
    let actor = found?;
    hub.app.limits.asks(&actor).map_err(|_| Refusal::Unavailable)?;
    Ok(actor)
}

/// Gives a socket its handlers.
pub fn equip(hub: &Arc<Hub>, socket: &SocketRef, live: &Arc<Live>) {
    Connection::lets_in(socket);
    socket.extensions.insert(Arc::clone(live));
    socket.on_fallback(Slot { hub: Arc::clone(hub), live: Arc::clone(live) });
    let (hub, live) = (Arc::clone(hub), Arc::clone(live));
    socket.on_disconnect(move |socket: SocketRef| async move {
        // What it has asked before is still done; only a socket that the server has ended is not listened to any more.
        presence::gone(&hub, &live);
        typing::end(&hub, socket.id, None);
        socket.leave_all();
        hub.stir();
    });
}

/// Puts a socket into its rooms and tells it who it is.
pub async fn welcome(hub: &Arc<Hub>, socket: &SocketRef) {
    let Some(live) = Live::of(socket) else { return };
    let Ok(actor) = live.actor() else { return };
    let entered = match actor {
        Actor::Member(member) => enter_member(hub, socket, &live, member).await,
        Actor::Candidate(candidate) => enter_candidate(hub, socket, &live, candidate).await,
    };
    let conversations = match entered {
        Ok(conversations) => conversations,
        Err(problem) => {
            tracing::warn!(socket = %socket.id, code = problem.code.as_str(), "a socket could not be welcomed");
            return emit::end(socket, EndReason::Expired);
        }
    };
    // What let it in may have ended between the look at it and the rooms, where the end would have found the socket.
    if !credentials::still_good(hub, actor).await {
        return emit::end(socket, EndReason::Expired);
    }
    if live.state().gone || live.is_ended() {
        return socket.leave_all();
    }
    let Some(organization) = hub.organization(actor.organization()) else {
        return emit::end(socket, EndReason::Removed);
    };
    emit::to_socket(
        socket,
        "session:ready",
        &json!({
            "actor": live.describe(),
            "organization": { "id": organization.id, "slug": organization.slug, "name": organization.name },
            "conversations": conversations,
            "server_time": hub.app.clock.now(),
        }),
    );
    if matches!(actor, Actor::Candidate(_)) {
        let projects: std::collections::HashSet<_> = live.state().opened.values().copied().collect();
        for project in projects {
            hub.tell_team(socket, project, hub.presence.holds(&(organization.id, Fact::Team { project })));
        }
    }
    hub.stir();
}

async fn enter_member(
    hub: &Arc<Hub>,
    socket: &SocketRef,
    live: &Arc<Live>,
    member: &Member,
) -> Result<Vec<serde_json::Value>, Problem> {
    match member.identity {
        Identity::User(user, session) => {
            socket.join(Room::User(user).to_string());
            if let Some(session) = session {
                socket.join(Room::Session(session).to_string());
            }
        }
        Identity::Api(token) => socket.join(Room::Api(token).to_string()),
    }
    presence::begin(hub, live, Fact::Holder { kind: member.kind(), id: member.id() });
    projects::sort(hub, socket, live, member).await?;
    // Once more, now that it is in the rooms: a team may have changed since the look.
    projects::sort(hub, socket, live, member).await?;
    Ok(Vec::new())
}

async fn enter_candidate(
    hub: &Arc<Hub>,
    socket: &SocketRef,
    live: &Arc<Live>,
    candidate: &CandidateActor,
) -> Result<Vec<serde_json::Value>, Problem> {
    for (_, link) in &candidate.conversations {
        socket.join(Room::Link(*link).to_string());
    }
    if let Some(session) = candidate.session {
        socket.join(Room::CandidateSession(session, candidate.id).to_string());
    }
    let actor = Actor::Candidate(candidate.clone());
    let mut told = Vec::with_capacity(candidate.conversations.len());
    for (conversation, _) in &candidate.conversations {
        let reached = app::conversations::find(&hub.app, &actor, *conversation).await?;
        let found = reached.conversation;
        socket.join(vec![Room::Conversation(found.id).to_string(), Room::Candidates(found.project).to_string()]);
        live.state().opened.insert(found.id, found.project);
        // A page that was away while its project was closed or opened learns it here.
        told.push(json!({ "id": found.id, "last_seq": found.last_seq, "project_status": reached.project_status }));
        let brief =
            ActorBrief { kind: AuthorKind::Candidate, id: Some(candidate.id.uuid()), name: candidate.name.clone() };
        presence::begin(hub, live, Fact::Candidate { conversation: found.id, candidate: brief });
    }
    Ok(told)
}

/// Whether a member counts, for candidates, as somebody of the team who is here: a person who can answer.
#[must_use]
pub fn counts_as_team(member: &Member) -> bool {
    member.user().is_some() && member.role >= Role::Recruiter
}
