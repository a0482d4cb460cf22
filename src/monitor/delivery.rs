//! Telling without the store: what happens while nothing can be kept, and that all is well.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use super::Monitor;
use crate::{
    app::alerts::{self, Alert, News},
    clock::Clock,
    domain::{ids::JobId, job::Work},
    notify::{Delivery, Outside},
};

/// How long to wait before it is tried again.
const AGAIN: Duration = Duration::from_secs(20);
/// How often it is tried.
const TRIES: u32 = 5;

impl Monitor {
    /// Tells the operators at once, since no job can be scheduled; again a few times where that fails.
    pub(super) fn tell_at_once(&self, alert: &Alert, news: News) {
        for work in alerts::for_operators(&self.app.settings, alert, news) {
            // Without the monitor, so that a server which stops need not wait for it.
            tokio::spawn(deliver(Arc::clone(&self.outside), self.app.clock.clone(), work));
        }
    }

    /// Tells whoever waits for it that all is well (the dead man's switch).
    pub(super) fn ping(&self) {
        if self.outside.can_ping() {
            let outside = Arc::clone(&self.outside);
            tokio::spawn(async move {
                if let Err(failure) = outside.ping().await {
                    tracing::warn!(why = failure.why, "that all is well could not be told (setting ping_url)");
                }
            });
        }
    }
}

async fn deliver(outside: Arc<Outside>, clock: Clock, work: Work) {
    let (id, made_at): (JobId, _) = (clock.new_id(), clock.now());
    for tries in 1..=TRIES {
        let delivery = Delivery { id, made_at, now: clock.now() };
        match outside.deliver(delivery, &work).await {
            Ok(()) => return,
            Err(failure) if failure.for_good => {
                return tracing::error!(why = failure.why, "an alert could not be told");
            }
            Err(failure) => {
                tracing::warn!(tries, why = failure.why, "an alert that cannot be kept could not be told either");
            }
        }
        sleep(AGAIN).await;
    }
}
