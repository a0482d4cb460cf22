//! What the server says: to one socket, to a room, for the last time.

use std::time::Duration;

use serde::Serialize;
use serde_json::{json, value::to_raw_value};
use socketioxide::{SendError, SocketError, extract::SocketRef};
use tokio::time::sleep;

use super::{hub::Hub, live::Live, rooms::Room};
use crate::domain::{ids::OrganizationId, session::EndReason};

/// How many packets one socket may have waiting to be read before it counts as too slow.
pub const BUFFER: usize = 1_024;

/// Says something to one socket; a socket that cannot take it is ended as too slow.
pub fn to_socket(socket: &SocketRef, event: &str, payload: &(impl Serialize + ?Sized)) {
    if Live::of(socket).is_none_or(|live| live.is_ended()) {
        return;
    }
    match socket.emit(event, payload) {
        Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
        Err(SendError::Socket(error)) => {
            tracing::warn!(socket = %socket.id, event, %error, "a socket reads too slowly");
            end(socket, EndReason::TooSlow);
        }
        Err(SendError::Serialize(error)) => tracing::error!(event, %error, "an event could not be written"),
    }
}

/// Says something to everybody in a room.
pub fn to_room(hub: &Hub, organization: OrganizationId, room: Room, event: &str, payload: &impl Serialize) {
    to_sockets(&hub.in_room(organization, room), event, payload);
}

/// Says something to several sockets. It is written once for all of them.
pub fn to_sockets(sockets: &[SocketRef], event: &str, payload: &impl Serialize) {
    if sockets.is_empty() {
        return;
    }
    match to_raw_value(payload) {
        Ok(payload) => sockets.iter().for_each(|socket| to_socket(socket, event, &*payload)),
        Err(error) => tracing::error!(event, %error, "an event could not be written"),
    }
}

/// Ends a socket: no event reaches it any more from here on, it is told why, and disconnected.
///
/// One whose buffer is full is told as soon as there is room; one that never reads goes with its missing pong.
pub fn end(socket: &SocketRef, reason: EndReason) {
    if Live::of(socket).is_some_and(|live| !live.end()) {
        return;
    }
    socket.leave_all();
    tracing::info!(socket = %socket.id, namespace = socket.ns(), ?reason, "socket ended");
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
