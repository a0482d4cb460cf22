//! What whoever serves a connection and the sockets on it let each other know: the one, whether the other side takes what
//! it is sent; the others, whether anybody was let in.
//!
//! The library takes what is said to a socket into a buffer that counts packets and not bytes, and nothing tells what of
//! it is still there. Whoever serves the connection knows when it takes no more, but not who is on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use socketioxide::socket::Socket;
use tokio::time::sleep;

/// How soon it is noticed that a connection takes more again.
const LOOK: Duration = Duration::from_millis(20);

/// One connection's state, in the extensions of every request that came by it.
#[derive(Clone, Debug, Default)]
pub struct Connection(Arc<State>);

#[derive(Debug, Default)]
struct State {
    stopped: AtomicBool,
    known: AtomicBool,
}

impl Connection {
    /// The connection has taken something, or all there was.
    pub fn goes_on(&self) {
        self.0.stopped.store(false, Ordering::Relaxed);
    }

    /// The connection takes no more at the moment.
    pub fn is_stopped(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether a socket on it was let in somewhere.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.known.load(Ordering::Relaxed)
    }

    /// A socket on it was let in.
    pub fn knows(&self) {
        self.0.known.store(true, Ordering::Relaxed);
    }

    /// Tells the connection that this socket was let in.
    pub(super) fn lets_in(socket: &Socket) {
        if let Some(connection) = socket.req_parts().extensions.get::<Self>() {
            connection.knows();
        }
    }

    /// Waits until a socket's connection takes more, or is gone. One that came by long polling has many connections, and
    /// is not waited for.
    pub(super) async fn takes_more(socket: &Socket) {
        let Some(Self(state)) = socket.req_parts().extensions.get::<Self>() else { return };
        while state.stopped.load(Ordering::Relaxed) && socket.connected() {
            sleep(LOOK).await;
        }
    }
}
