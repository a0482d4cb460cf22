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
    let mut namespaces: Vec<Value> = hub
        .io
        .nsps()
        .into_iter()
        .filter(|namespace| namespace.ns_path() != heartbeat::slug().namespace())
        .map(|namespace| {
            let path = namespace.ns_path().to_owned();
            let sockets = namespace.sockets();
            let mut rooms = BTreeMap::<String, usize>::new();
            let mut kinds = BTreeMap::<&'static str, usize>::new();
            for socket in &sockets {
                if let Some(live) = Live::of(socket) {
                    *kinds.entry(live.label().0).or_default() += 1;
                }
                for room in socket.rooms() {
                    *rooms.entry(room.into_owned()).or_default() += 1;
                }
            }
            let count = rooms.len();
            let mut rooms: Vec<_> = rooms.into_iter().collect();
            rooms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            rooms.truncate(ROOMS);
            let rooms: Vec<_> =
                rooms.into_iter().map(|(name, sockets)| json!({ "name": name, "sockets": sockets })).collect();
            json!({ "path": path, "sockets": sockets.len(), "kinds": kinds, "rooms": count, "largest_rooms": rooms })
        })
        .collect();
    namespaces.sort_by(|a, b| a["path"].as_str().cmp(&b["path"].as_str()));
    json!({ "node": hub.node, "namespaces": namespaces })
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
