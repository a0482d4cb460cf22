//! Whether the system's clock tells the time that the server goes by.

use crate::{
    domain::health::{CheckId, Reading, Status, Subject},
    monitor::Monitor,
};

/// From how many seconds on it was set, and not corrected bit by bit.
const SET: f64 = 60.0;

/// How many seconds the clocks of two synchronized machines may differ.
const SYNCHRONIZED: f64 = 2.0;

/// How far they are apart. A server on a file follows its system's clock that was set by a second in a hundred, so that no
/// claim ends early or late; servers that share a database go by the database's clock alone.
pub(super) fn offset(monitor: &Monitor) -> Reading {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a clock")]
    let seconds = monitor.app.clock.behind_system().num_milliseconds() as f64 / 1_000.0;
    let is_shared = monitor.app.store.pools().is_shared();
    let (status, sentence, remedy) = if is_shared { shared(seconds.abs()) } else { alone(seconds.abs()) };
    Reading {
        check: CheckId::Clock,
        subject: Subject::Node(monitor.watch.node.clone()),
        status,
        value: Some(seconds),
        unit: "s",
        warns_at: if is_shared { SYNCHRONIZED } else { SET },
        fails_at: is_shared.then_some(SET),
        sentence: sentence.to_owned(),
        remedy,
    }
}

fn alone(seconds: f64) -> (Status, &'static str, &'static str) {
    if seconds > SET {
        (
            Status::Warn,
            "The system's clock was set while the server runs, so that times of messages and of the system differ.",
            "Look whether time synchronisation works. The server follows slowly; after a restart it is right at once.",
        )
    } else {
        (Status::Pass, "The server goes by the time of the system's clock.", "")
    }
}

fn shared(seconds: f64) -> (Status, &'static str, &'static str) {
    let status = match seconds {
        apart if apart > SET => Status::Fail,
        apart if apart > SYNCHRONIZED => Status::Warn,
        _ => return (Status::Pass, "The clocks of this server and of the database agree.", ""),
    };
    (
        status,
        "The clocks of this server and of the database differ. Claims and times go by the database's clock.",
        "Turn on time synchronization on both machines.",
    )
}
