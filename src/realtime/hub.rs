//! Where everything of the live side is found.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        PoisonError, RwLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use socketioxide::{SocketIo, extract::SocketRef, operators::BroadcastOperators};
use tokio::sync::Notify;

use super::{
    admin,
    emit::{self, Audience},
    live::Live,
    presence::{Key, Presence},
    rooms::Room,
    turns::Turns,
    typing::Typing,
};
use crate::{
    app::App,
    bus::Bus,
    domain::{
        access::Actor,
        event::{Event, SocketId},
        heartbeat,
        ids::{ConversationId, NodeId, OrganizationId},
        organization::Organization,
        presence::{Fact, PresenceState},
    },
    monitor::{LiveSide, live::Namespace},
};

/// The live side of one node.
#[derive(Debug)]
pub struct Hub {
    /// The library's server.
    pub io: SocketIo,
    /// The use cases.
    pub app: App,
    /// The way to all nodes.
    pub bus: Bus,
    /// This node.
    pub node: NodeId,
    /// Who is here.
    pub presence: Presence,
    /// Who types.
    pub typing: Typing,
    /// In which whoever makes much work waits.
    pub turns: Turns,
    /// Told when what the operators see has changed.
    pub changed: Notify,
    organizations: RwLock<HashMap<OrganizationId, Organization>>,
    closing: AtomicBool,
}

impl Hub {
    /// A hub without namespaces.
    pub fn new(io: SocketIo, app: App, bus: Bus) -> Self {
        Self {
            node: bus.node(),
            io,
            app,
            bus,
            presence: Presence::default(),
            typing: Typing::default(),
            turns: Turns::start(),
            changed: Notify::new(),
            organizations: RwLock::default(),
            closing: AtomicBool::new(false),
        }
    }

    /// The organization, where it has a namespace here.
    pub fn organization(&self, id: OrganizationId) -> Option<Organization> {
        self.organizations.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// All organizations that have a namespace here.
    pub fn organizations(&self) -> Vec<Organization> {
        self.organizations.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Keeps an organization; gives what was known of it before.
    pub fn keep(&self, organization: Organization) -> Option<Organization> {
        let mut kept = self.organizations.write().unwrap_or_else(PoisonError::into_inner);
        let before = kept.insert(organization.id, organization);
        self.count_namespaces(&kept);
        before
    }

    /// Forgets an organization.
    pub fn forget(&self, id: OrganizationId) -> Option<Organization> {
        let mut kept = self.organizations.write().unwrap_or_else(PoisonError::into_inner);
        let known = kept.remove(&id);
        self.count_namespaces(&kept);
        known
    }

    fn count_namespaces(&self, kept: &HashMap<OrganizationId, Organization>) {
        // And the operators'; the heartbeat's is nobody's.
        let people = kept.keys().filter(|id| **id != heartbeat::organization()).count();
        self.app.metrics.namespaces.set(i64::try_from(people).unwrap_or(i64::MAX).saturating_add(1));
    }

    /// The organization's namespace, where it has one here.
    fn namespace(&self, organization: OrganizationId) -> Option<BroadcastOperators> {
        let kept = self.organizations.read().unwrap_or_else(PoisonError::into_inner);
        self.io.of(kept.get(&organization)?.slug.namespace())
    }

    /// This node's sockets in a room.
    pub fn in_room(&self, organization: OrganizationId, room: Room) -> Vec<SocketRef> {
        self.namespace(organization).map_or_else(Vec::new, |namespace| namespace.within(room.to_string()).sockets())
    }

    /// Everybody in a room, without the socket that asked for what has happened: it has it by its ack.
    pub fn audience(&self, organization: OrganizationId, room: Room, origin: Option<&SocketId>) -> Audience {
        let Some(namespace) = self.namespace(organization) else { return Audience::nobody() };
        let asked = origin.and_then(|origin| namespace.get_socket(origin.parse().ok()?));
        let room = room.to_string();
        Audience::of(match asked {
            Some(asked) => asked.to(room),
            None => namespace.within(room),
        })
    }

    /// All of this node's sockets in an organization.
    pub fn sockets_of(&self, organization: &Organization) -> Vec<SocketRef> {
        self.io.of(organization.slug.namespace()).map_or_else(Vec::new, BroadcastOperators::sockets)
    }

    /// All of this node's sockets, operators' included.
    pub fn sockets(&self) -> Vec<SocketRef> {
        self.io.nsps().into_iter().flat_map(BroadcastOperators::sockets).collect()
    }

    /// Tells every node, this one included.
    pub fn publish(&self, event: Event) {
        self.publish_all(vec![event]);
    }

    /// Tells every node, this one included.
    pub fn publish_all(&self, events: Vec<Event>) {
        if !events.is_empty() {
            self.bus.publish(events);
        }
    }

    /// How long the holder of a lease may be without a socket.
    pub fn absence(&self) -> Duration {
        self.app.settings.absence.to_std().unwrap_or_default()
    }

    /// Whether the server is about to stop and lets nobody in.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Lets nobody in from here on.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// A fact has begun or ended, over all nodes: tells whom it concerns.
    pub fn notice(&self, key: Key, here: bool) {
        let (organization, fact) = key;
        self.changed.notify_one();
        match fact {
            Fact::Viewing { conversation, viewer } => {
                let state = if here { PresenceState::Viewing } else { PresenceState::Offline };
                let payload = json!({ "conversation": conversation, "actor": viewer, "state": state });
                self.audience(organization, Room::Viewers(conversation), None).hear("presence:changed", &payload);
            }
            Fact::Candidate { conversation, candidate } => {
                let state = online(here);
                let payload = json!({ "conversation": conversation, "actor": candidate, "state": state });
                self.audience(organization, Room::Viewers(conversation), None).hear("presence:changed", &payload);
            }
            Fact::Team { project } => {
                for socket in self.in_room(organization, Room::Candidates(project)) {
                    self.tell_team(&socket, project, here);
                }
            }
            Fact::Holder { kind, id } => {
                if !here {
                    super::queue::release_all_of(self, organization, kind, id);
                }
            }
        }
    }

    /// Tells a candidate's socket whether the team of a project is here: the team as a whole, under the organization's
    /// name, and nothing of who or how many.
    pub fn tell_team(&self, socket: &SocketRef, project: crate::domain::ids::ProjectId, here: bool) {
        let Some(live) = Live::of(socket) else { return };
        let Ok(Actor::Candidate(candidate)) = live.actor() else { return };
        let Some(organization) = self.organization(candidate.organization) else { return };
        let conversations: Vec<_> = live
            .state()
            .opened
            .iter()
            .filter(|(_, of)| **of == project)
            .map(|(conversation, _)| *conversation)
            .collect();
        for conversation in conversations {
            let actor = json!({ "kind": "user", "name": organization.name });
            let payload = json!({ "conversation": conversation, "actor": actor, "state": online(here) });
            emit::to_socket(socket, "presence:changed", &payload);
        }
    }

    /// Something that the operators see has changed.
    pub fn stir(&self) {
        self.changed.notify_one();
    }
}

const fn online(here: bool) -> PresenceState {
    if here { PresenceState::Online } else { PresenceState::Offline }
}

/// What whoever watches sees and tells; weak, so that a server which stops need not wait for them.
#[derive(Debug)]
pub struct Eyes(pub Weak<Hub>);

impl LiveSide for Eyes {
    fn viewed(&self) -> HashSet<ConversationId> {
        self.0.upgrade().map_or_else(HashSet::new, |hub| hub.presence.viewed())
    }

    fn stir(&self) {
        if let Some(hub) = self.0.upgrade() {
            hub.stir();
        }
    }

    fn namespaces(&self) -> Vec<Namespace> {
        self.0.upgrade().map_or_else(Vec::new, |hub| admin::namespaces(&hub))
    }
}
