//! Proof of life: a message that nobody wrote, on the way that candidates' messages take.

use std::time::Duration;

use uuid::Uuid;

use super::{
    ids::{HeartbeatId, OrganizationId},
    organization::Slug,
    queue::Priority,
    time::Timestamp,
};

/// The organization in which heartbeats live. No list, number, search or report knows of it, and nobody can make or enter one
/// of its name: it is no slug that people could choose.
#[must_use]
pub fn organization() -> OrganizationId {
    OrganizationId::from(Uuid::from_u128(0x0000_0000_0000_7000_8000_6865_6172_7462))
}

/// The slug of [`organization`].
#[must_use]
pub fn slug() -> Slug {
    Slug::from_stored("~heartbeat".to_owned())
}

/// The priorities at which each node sends one.
pub const PRIORITIES: [Priority; 2] = [Priority::Normal, Priority::Low];

/// From how long on one is slow.
pub const SLOW: Duration = Duration::from_secs(3);
/// From how long on one is of no use.
pub const BROKEN: Duration = Duration::from_secs(6);

/// A part of the way, in the order in which it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The node's own connection to its own address stands.
    Connect,
    /// The message and its place in the queue are durable.
    Post,
    /// It was the head of the queue and is claimed.
    Claim,
    /// It is handled.
    Resolve,
    /// It has come back over the connection.
    FanOut,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Connect, Self::Post, Self::Claim, Self::Resolve, Self::FanOut];

    /// Its name in the store, in metrics and in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Post => "post",
            Self::Claim => "claim",
            Self::Resolve => "resolve",
            Self::FanOut => "fan_out",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Connect => "Connection",
            Self::Post => "Written",
            Self::Claim => "Claimed",
            Self::Resolve => "Handled",
            Self::FanOut => "Delivered",
        }
    }
}

/// One heartbeat, with how long each stage took.
#[derive(Clone, Debug)]
pub struct Beat {
    /// Its id, which tells their order.
    pub id: HeartbeatId,
    /// The node that sent it.
    pub node: String,
    /// Its priority in the queue.
    pub priority: Priority,
    /// When it set out.
    pub began_at: Timestamp,
    /// Microseconds of each stage, in the order of [`Stage::ALL`]; `None` for one that was not gone to its end. The last
    /// counts from the post on, since a message comes back while it is claimed.
    pub stages_us: [Option<i64>; Stage::ALL.len()],
    /// Microseconds of the whole way, where it was gone to its end.
    pub total_us: Option<i64>,
    /// Where it got stuck.
    pub failed: Option<Stage>,
}

impl Beat {
    /// Each stage with its microseconds.
    pub fn stages(&self) -> impl Iterator<Item = (Stage, Option<i64>)> + '_ {
        Stage::ALL.into_iter().zip(self.stages_us)
    }
}
