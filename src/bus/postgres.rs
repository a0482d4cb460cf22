//! The bus over PostgreSQL's LISTEN and NOTIFY. A payload is a JSON array of events.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::{sync::mpsc, task::JoinHandle, time::sleep};

use super::Bus;
use crate::{domain::event::Event, store::StoreError};

/// The channel; the store's transactions notify it too.
const CHANNEL: &str = "hearback";

/// How many events one notification takes at most; each has a few hundred bytes, a payload at most 8,000.
const AT_ONCE: usize = 12;

/// How long to wait before a lost connection is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// Hears every node's notifications. Nothing that is sent after this returns is missed, unless the connection breaks.
pub(super) async fn listen(pool: &PgPool, bus: Bus) -> Result<JoinHandle<()>, StoreError> {
    let failed = |error| StoreError::new("listen", error);
    let mut listener = PgListener::connect_with(pool).await.map_err(failed)?;
    listener.ignore_pool_close_event(true);
    listener.listen(CHANNEL).await.map_err(failed)?;
    Ok(tokio::spawn(async move {
        let mut missed = false;
        loop {
            if missed {
                match listener.listen(CHANNEL).await {
                    Ok(()) => {
                        missed = false;
                        bus.deliver(vec![Event::Missed]);
                    }
                    Err(error) => {
                        tracing::error!(%error, "PostgreSQL cannot be listened to");
                        sleep(AGAIN).await;
                        continue;
                    }
                }
            }
            match listener.try_recv().await {
                Ok(Some(notification)) => match serde_json::from_str(notification.payload()) {
                    Ok(events) => bus.deliver(events),
                    Err(error) => tracing::error!(%error, "a node said what this one does not understand"),
                },
                Ok(None) => {
                    tracing::warn!("the connection to PostgreSQL broke; what was missed is looked up in the store");
                    missed = true;
                }
                Err(error) => {
                    tracing::error!(%error, "PostgreSQL cannot be listened to");
                    missed = true;
                }
            }
        }
    }))
}

/// Sends what stands in no database to every node.
pub(super) async fn speak(pool: PgPool, mut events: mpsc::Receiver<Event>) {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while events.recv_many(&mut batch, AT_ONCE).await > 0 {
        let payload = match serde_json::to_string(&batch) {
            Ok(payload) => payload,
            Err(error) => {
                tracing::error!(%error, "events could not be written down");
                batch.clear();
                continue;
            }
        };
        batch.clear();
        let sent = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&pool).await;
        if let Err(error) = sent {
            tracing::warn!(%error, "events were lost: PostgreSQL takes none");
        }
    }
}
