//! What the server says: to one socket, to a room, for the last time.

use std::time::Duration;

use futures::FutureExt;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::json;
use socketioxide::{BroadcastError, SendError, SocketError, extract::SocketRef, operators::BroadcastOperators};
use tokio::time::sleep;
use tracing::field::display;

use super::live::Live;
use crate::domain::session::EndReason;

/// How many packets one socket may have waiting to be read before it counts as too slow.
pub const BUFFER: usize = 1_024;

/// Says something to one socket; a socket that cannot take it is ended as too slow.
pub fn to_socket(socket: &SocketRef, event: &str, payload: &(impl Serialize + ?Sized)) {
    if Live::of(socket).is_none_or(|live| live.is_ended()) {
        return;
    }
    match socket.emit(event, payload) {
        Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
        Err(SendError::Socket(_)) => too_slow(socket, event),
        Err(SendError::Serialize(error)) => tracing::error!(event, %error, "an event could not be written"),
    }
}

/// Those on this node who are to hear of something.
#[derive(Debug)]
pub struct Audience(Option<BroadcastOperators>);

impl Audience {
    /// Whoever is in the rooms.
    pub const fn of(rooms: BroadcastOperators) -> Self {
        Self(Some(rooms))
    }

    /// Nobody.
    pub const fn nobody() -> Self {
        Self(None)
    }

    /// Nobody is there: then nothing need be loaded or drawn. It asks for each of them, so where thousands are it costs
    /// more than it spares.
    pub fn is_empty(&self) -> bool {
        self.sockets().is_empty()
    }

    fn sockets(&self) -> Vec<SocketRef> {
        self.0.clone().map_or_else(Vec::new, BroadcastOperators::sockets)
    }

    /// Says something to all of them. It is written once, and what waits for many is kept once; whoever cannot take it is
    /// ended as too slow.
    pub fn hear(self, event: &str, payload: &impl Serialize) {
        let Some(rooms) = &self.0 else { return };
        // Within one process nothing has to be waited for.
        match rooms.clone().emit(event, payload).now_or_never() {
            None | Some(Ok(())) => {}
            Some(Err(BroadcastError::Socket(errors))) => {
                let missed = errors.iter().filter(|error| matches!(error, SocketError::InternalChannelFull)).count();
                find_lagging(&self.sockets(), missed, event, payload);
            }
            Some(Err(error)) => tracing::error!(event, %error, "an event could not be told"),
        }
    }
}

/// The library tells how many sockets were full, but not which.
fn find_lagging(sockets: &[SocketRef], missed: usize, event: &str, payload: &impl Serialize) {
    let lagging: Vec<_> = sockets.iter().filter(|socket| is_full(socket)).collect();
    if lagging.len() >= missed {
        lagging.into_iter().for_each(|socket| too_slow(socket, event));
    } else {
        // One of them has read something since. Whoever hears it twice knows by its `seq`; whom it missed would not.
        sockets.iter().for_each(|socket| to_socket(socket, event, payload));
    }
}

/// Whether a socket's buffer is full. A place in it is taken before the payload is written, and given back when that fails.
fn is_full(socket: &SocketRef) -> bool {
    struct Unspeakable;
    impl Serialize for Unspeakable {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("nothing is to be sent"))
        }
    }
    matches!(socket.emit("", &Unspeakable), Err(SendError::Socket(SocketError::InternalChannelFull)))
}

/// Ends a socket that could not take an event or an ack.
pub(super) fn too_slow(socket: &SocketRef, event: &str) {
    if let Some(live) = Live::of(socket) {
        live.metrics.emits_refused.inc();
    }
    tracing::warn!(socket = %socket.id, event, "a socket reads too slowly");
    end(socket, EndReason::TooSlow);
}

/// Ends a socket: no event reaches it any more from here on, it is told why, and disconnected.
///
/// One whose buffer is full is told as soon as there is room; one that never reads goes with its missing pong.
pub fn end(socket: &SocketRef, reason: EndReason) {
    let live = Live::of(socket);
    if live.as_ref().is_some_and(|live| !live.end()) {
        return;
    }
    socket.leave_all();
    let organization = live.and_then(|live| live.organization()).map(display);
    tracing::info!(socket = %socket.id, organization, ?reason, "socket ended");
    if farewell(socket, reason) {
        return;
    }
    let socket = socket.clone();
    tokio::spawn(async move {
        for _ in 0..600 {
            sleep(Duration::from_millis(100)).await;
            if farewell(&socket, reason) {
                return;
            }
        }
    });
}

/// Tells and disconnects; `false` when there was no room for it.
fn farewell(socket: &SocketRef, reason: EndReason) -> bool {
    if !socket.connected() {
        return true;
    }
    let told = socket.emit("session:ended", &json!({ "reason": reason }));
    if matches!(told, Err(SendError::Socket(SocketError::InternalChannelFull))) {
        return false;
    }
    // The official clients stay away once the server has disconnected them, but come back by themselves when their
    // connection closes, as all do when the server stops.
    reason == EndReason::ServerRestart || socket.clone().disconnect().is_ok()
}
