//! Whether the system's clock tells the time that the server goes by.

use crate::{
    domain::health::{CheckId, Reading, Status, Subject},
    monitor::Monitor,
};

/// From how many seconds on it was set, and not corrected bit by bit.
const APART: f64 = 60.0;

/// How far they are apart. The server follows a clock that was set by a second in a hundred, so that no claim ends early or late.
pub(super) fn offset(monitor: &Monitor) -> Reading {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a clock")]
    let seconds = monitor.app.clock.behind_system().num_milliseconds() as f64 / 1_000.0;
    let (status, sentence, remedy) = if seconds.abs() > APART {
        (
            Status::Warn,
            "The system's clock was set while the server runs, so that times of messages and of the system differ.",
            "Look whether time synchronisation works. The server follows slowly; after a restart it is right at once.",
        )
    } else {
        (Status::Pass, "The server goes by the time of the system's clock.", "")
    };
    Reading {
        check: CheckId::Clock,
        subject: Subject::Node(monitor.watch.node.clone()),
        status,
        value: Some(seconds),
        unit: "s",
        warns_at: APART,
        fails_at: None,
        sentence: sentence.to_owned(),
        remedy,
    }
}
