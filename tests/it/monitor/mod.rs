//! Proof of life: what watches the process, and what it says.

mod alerts;
mod faults;
mod health;
mod heartbeat;
mod metrics;
mod page;
mod shipped;
mod stalls;
mod systemd;
mod told;

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use hearback::{
    app::App,
    domain::ids::ConversationId,
    monitor::{LiveSide, Monitor, Watch, live::Namespace},
};

/// Nobody is connected but those who have these conversations open.
pub struct Viewers(pub Vec<ConversationId>);

impl LiveSide for Viewers {
    fn viewed(&self) -> HashSet<ConversationId> {
        self.0.iter().copied().collect()
    }

    fn stir(&self) {}

    fn namespaces(&self) -> Vec<Namespace> {
        Vec::new()
    }
}

/// Who watches an installation without doors, by hand.
pub fn monitor_of(app: &App, node: &str, viewers: Viewers) -> Arc<Monitor> {
    let watch = Watch {
        node: node.to_owned(),
        id: app.clock.new_id(),
        address: ([127, 0, 0, 1], 9).into(),
        heartbeat: Duration::from_secs(15),
        checks: Duration::from_secs(15),
        backup: Some(TimeDelta::hours(48)),
    };
    Monitor::new(app.clone(), watch, Arc::new(viewers), Arc::default())
}
