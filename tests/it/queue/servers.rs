//! Where random days take place.

use std::any::Any;

use hearback::{app::App, clock::Clock};

use crate::{harness::Hall, nodes::cluster::Cluster};

/// One server, or several on one database.
pub struct Servers {
    pub apps: Vec<App>,
    pub clock: Clock,
    /// What goes with the servers.
    _ground: Box<dyn Any>,
}

impl From<Hall> for Servers {
    fn from(hall: Hall) -> Self {
        Self { apps: vec![hall.app.clone()], clock: hall.clock.clone(), _ground: Box::new(hall) }
    }
}

impl From<Cluster> for Servers {
    fn from(cluster: Cluster) -> Self {
        Self { apps: cluster.apps.clone(), clock: cluster.clock.clone(), _ground: Box::new(cluster) }
    }
}
