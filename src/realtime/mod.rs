//! Door 2: what happens live, over Socket.IO (CONTRACT.md, section 4).
//!
//! A socket is let in by [`connect`] with the [`credentials`] it shows, and put into its [`rooms`]. What it asks goes
//! through its [`mailbox`] to the one list of all requests in [`request`]; each is one handler, in the file of its noun, that calls
//! one use case and answers with an [`ack`]. What has happened comes from the bus to [`fanout`], which tells the rooms.

mod ack;
mod admin;
mod announcements;
pub mod asyncapi;
mod connect;
pub mod connection;
mod conversations;
mod credentials;
mod emit;
pub mod events;
mod fanout;
mod fields;
mod hub;
mod live;
mod mailbox;
mod messages;
mod namespaces;
mod notes;
pub mod payload;
mod presence;
mod projects;
mod queue;
pub mod request;
mod rooms;
pub mod turns;
mod typing;

use std::{sync::Arc, time::Duration};

use socketioxide::{ParserConfig, SocketIo, layer::SocketIoLayer};
use tokio::{task::JoinHandle, time::timeout};

use self::{hub::Hub, live::Live, turns::Turns};
use crate::{
    app::App,
    bus::Bus,
    domain::{problem::Problem, session::EndReason},
    monitor::LiveSide,
};

/// What the transport takes at most. Larger than a request may be, so that most that are too large can still be told so.
const TRANSPORT_LIMIT: usize = 256 << 10;

/// The live side of a running server.
#[derive(Debug)]
pub struct Realtime {
    hub: Arc<Hub>,
    tasks: Vec<JoinHandle<()>>,
}

/// Builds the Socket.IO server, registers the namespaces and starts telling what happens.
///
/// # Errors
/// When the organizations cannot be read.
pub async fn build(app: App, bus: Bus) -> Result<(SocketIoLayer, Realtime), Problem> {
    let (layer, io) = SocketIo::builder()
        .req_path("/socket.io")
        .max_payload(TRANSPORT_LIMIT as u64)
        .ws_max_message_size(TRANSPORT_LIMIT)
        .ws_max_frame_size(TRANSPORT_LIMIT)
        .ws_read_buffer_size(1_024)
        .max_buffer_size(emit::BUFFER)
        // A stranger's connection that enters no namespace is dropped soon.
        .connect_timeout(Duration::from_secs(10))
        // Attachments are refused, with an answer; so a few small ones have to be taken in first.
        .with_parser(ParserConfig::common().max_incoming_binaries(8).max_incoming_binary_buf_size(TRANSPORT_LIMIT))
        .build_layer();
    let hub = Arc::new(Hub::new(io, app, bus));
    // Subscribed before the organizations are read, so that one which is created in between is not missed.
    let fanout = fanout::start(&hub);
    namespaces::register_all(&hub).await?;
    let [disconnecting, telling] = fanout;
    let tasks = vec![
        disconnecting,
        telling,
        tokio::spawn(presence::repeat(Arc::clone(&hub))),
        tokio::spawn(admin::watch(Arc::clone(&hub))),
        tokio::spawn(credentials::recheck(Arc::clone(&hub))),
    ];
    Ok((layer, Realtime { hub, tasks }))
}

impl Realtime {
    /// What whoever watches sees of it.
    #[must_use]
    pub fn live_side(&self) -> Arc<dyn LiveSide> {
        Arc::new(hub::Eyes(Arc::downgrade(&self.hub)))
    }

    /// In which whoever makes much work waits.
    #[must_use]
    pub fn turns(&self) -> Turns {
        self.hub.turns.clone()
    }

    /// What is live on this node, for the operators.
    #[must_use]
    pub fn overview(&self) -> serde_json::Value {
        admin::live(&self.hub)
    }

    /// Lets nobody in any more, tells every socket `server_restart`, answers what is being carried out and closes the
    /// connections. Takes at most three seconds.
    pub async fn drain(self) {
        self.hub.close();
        let sockets = self.hub.sockets();
        for socket in &sockets {
            emit::end(socket, EndReason::ServerRestart);
        }
        for _ in 0..20 {
            if sockets.iter().filter_map(Live::of).all(|live| live.mailbox.is_at_rest()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // For what was said last to be on its way.
        tokio::time::sleep(Duration::from_millis(200)).await;
        if timeout(Duration::from_secs(1), self.hub.io.close()).await.is_err() {
            tracing::warn!("some connections did not close in time");
        }
        for task in self.tasks {
            task.abort();
        }
    }
}
