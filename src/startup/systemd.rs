//! What systemd is told (`man 3 sd_notify`): that the server is ready, that it lives, that it stops. Elsewhere nobody is told
//! anything.

use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval};

/// The server takes connections.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The server is about to end.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// Tells twice as often as is asked for that the runtime does what waits, until it is aborted; ends at once where nobody
/// asks for it. A runtime that hangs tells nothing, and systemd starts the server anew.
pub async fn watchdog() {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    let mut ticks = interval(patience / 2);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        tell(NotifyState::Watchdog);
    }
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}
