//! Whether a connection takes what is sent to it.
//!
//! The library takes what is said to a socket into a buffer that counts packets and not bytes, and nothing tells what of
//! it is still there. Whoever serves the connection knows when it takes no more.

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
pub struct Flow(Arc<AtomicBool>);

impl Flow {
    /// The connection has taken something, or all there was.
    pub fn goes_on(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// The connection takes no more at the moment.
    pub fn is_stopped(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Waits until a socket's connection takes more, or is gone. One that came by long polling has many connections, and
    /// is not waited for.
    pub(super) async fn of(socket: &Socket) {
        let Some(Self(stopped)) = socket.req_parts().extensions.get::<Self>() else { return };
        while stopped.load(Ordering::Relaxed) && socket.connected() {
            sleep(LOOK).await;
        }
    }
}
