//! Whether every server of the installation is there.

use chrono::TimeDelta;

use crate::{
    app::nodes,
    domain::{
        health::{CheckId, Reading, Status, Subject},
        problem::Problem,
    },
    monitor::Monitor,
};

/// How many of its heartbeats a server may leave out before it counts as lost.
const MISSED: i32 = 3;

/// One reading for each server that has not stopped in order.
pub(super) async fn seen(monitor: &Monitor) -> Result<Vec<Reading>, Problem> {
    let now = monitor.app.clock.now();
    let beat = TimeDelta::from_std(monitor.watch.heartbeat).unwrap_or(TimeDelta::MAX);
    let patience = beat * MISSED + TimeDelta::seconds(20);
    let reading = |node: nodes::Node| {
        let silent = now.since(node.seen_at);
        // Its own absence nobody can tell; whether it keeps what it does is told by other checks.
        let is_lost = silent > patience && node.name != monitor.watch.node;
        let (status, sentence, remedy) = if is_lost {
            (
                Status::Warn,
                format!("A server has not been heard of since {}.", node.seen_at.for_people()),
                "Start it again, or, if it will not come back, forget it on the operators' page.",
            )
        } else {
            (Status::Pass, "The server is there.".to_owned(), "")
        };
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        let value = Some(silent.num_seconds() as f64);
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        let warns_at = patience.num_seconds() as f64;
        let subject = Subject::Node(node.name);
        Reading { check: CheckId::Nodes, subject, status, value, unit: "s", warns_at, fails_at: None, sentence, remedy }
    };
    let all = nodes::list(&monitor.app).await?;
    Ok(all.into_iter().filter(|node| node.stopped_at.is_none()).map(reading).collect())
}
