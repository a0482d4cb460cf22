//! What the live side sees and tells, on behalf of who watches.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::domain::ids::ConversationId;

/// The live side of this server.
pub trait LiveSide: Send + Sync {
    /// The conversations that users have open, on whichever server.
    fn viewed(&self) -> HashSet<ConversationId>;

    /// There is something new for operators to see.
    fn stir(&self);

    /// The namespaces of this server by name, those of heartbeats not among them.
    fn namespaces(&self) -> Vec<Namespace>;
}

/// A namespace, as it is at this moment.
#[derive(Clone, Debug, Serialize)]
pub struct Namespace {
    /// Its name.
    pub path: String,
    /// How many sockets are in it.
    pub sockets: usize,
    /// How many of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// How many rooms it has.
    pub rooms: usize,
    /// Those with the most sockets.
    pub largest_rooms: Vec<Room>,
}

/// A room of a namespace.
#[derive(Clone, Debug, Serialize)]
pub struct Room {
    /// Its name.
    pub name: String,
    /// How many sockets are in it.
    pub sockets: usize,
}
