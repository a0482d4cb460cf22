//! The operators' namespace: what is live on this node, beside the numbers of the store.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::{Value, json};
use socketioxide::{ParserError, extract::SocketRef};
use tokio::time::sleep;

use super::{
    ack::{Answer, Outcome},
    connect::{Refusal, equip},
    credentials::{self, Auth},
    emit,
    events::AdminOverview,
    hub::Hub,
    live::{Caller, Live},
    request::Call,
    rooms::Room,
};
use crate::{
    app,
    domain::{heartbeat, session::EndReason},
    monitor::{self, live::Namespace},
};

/// Where operators connect.
pub const NAMESPACE: &str = "/admin";
/// The most rooms of one namespace that are listed; all are counted.
const ROOMS: usize = 100;

/// Lets operators in, and nobody else.
///
/// # Errors
/// Nobody signed in as an operator.
pub async fn admit(hub: &Arc<Hub>, socket: &SocketRef, auth: Result<Auth, ParserError>) -> Result<(), Refusal> {
    let auth = auth.map_err(|_| Refusal::Unknown)?;
    if hub.is_closing() {
        return Err(Refusal::Restarting);
    }
    let (user, session) = credentials::operator(hub, socket).await?;
    equip(hub, socket, &Live::new(Caller::Operator(user, session), auth.html, Arc::clone(&hub.app.metrics)));
    Ok(())
}

/// Puts an operator's socket into the rooms by which it can be ended.
pub async fn welcome(hub: &Arc<Hub>, socket: &SocketRef) {
    let Some(live) = Live::of(socket) else { return };
    let Caller::Operator(user, session) = &live.caller else { return };
    socket.join(vec![Room::User(user.id).to_string(), Room::Session(*session).to_string()]);
    if !credentials::still_signed_in(hub, *session).await {
        return emit::end(socket, EndReason::Expired);
    }
    if live.state().gone || live.is_ended() {
        return socket.leave_all();
    }
    emit::to_socket(socket, "session:ready", &json!({ "actor": live.describe(), "server_time": hub.app.clock.now() }));
}

/// `admin:overview`
pub async fn overview(call: Call<'_>, _: AdminOverview) -> Outcome {
    let numbers = app::admin::overview(&call.hub.app).await?;
    let mut live = live(call.hub);
    // How many things the process does at the same time: what grows while nobody comes is a leak.
    live["tasks"] = json!(tokio::runtime::Handle::current().metrics().num_alive_tasks());
    Answer::done().with("live", live)?.with("numbers", numbers)
}

/// The live namespaces of this node, with their rooms and sockets.
#[must_use]
pub fn live(hub: &Hub) -> Value {
    json!({ "node": hub.node, "namespaces": namespaces(hub) })
}

/// The same without the node.
#[must_use]
pub fn namespaces(hub: &Hub) -> Vec<Namespace> {
    let all = hub.io.nsps().into_iter().filter(|namespace| namespace.ns_path() != heartbeat::slug().namespace());
    let describe = |path: String, sockets: &[SocketRef]| {
        let mut rooms = BTreeMap::<String, usize>::new();
        let mut kinds = BTreeMap::<&'static str, usize>::new();
        for socket in sockets {
            if let Some(live) = Live::of(socket) {
                *kinds.entry(live.caller.kind()).or_default() += 1;
            }
            for room in socket.rooms() {
                *rooms.entry(room.into_owned()).or_default() += 1;
            }
        }
        let count = rooms.len();
        let mut largest: Vec<_> =
            rooms.into_iter().map(|(name, sockets)| monitor::live::Room { name, sockets }).collect();
        largest.sort_by(|a, b| b.sockets.cmp(&a.sockets).then_with(|| a.name.cmp(&b.name)));
        largest.truncate(ROOMS);
        Namespace { path, sockets: sockets.len(), kinds, rooms: count, largest_rooms: largest }
    };
    let mut namespaces: Vec<_> =
        all.map(|namespace| describe(namespace.ns_path().to_owned(), &namespace.sockets())).collect();
    namespaces.sort_by(|a, b| a.path.cmp(&b.path));
    namespaces
}

/// Tells the operators that something has changed, at most once a second. Runs for as long as the node does.
pub async fn watch(hub: Arc<Hub>) {
    loop {
        hub.changed.notified().await;
        sleep(Duration::from_secs(1)).await;
        let Some(namespace) = hub.io.of(NAMESPACE) else { continue };
        for socket in namespace.sockets() {
            emit::to_socket(&socket, "admin:changed", &json!({}));
        }
    }
}
