//! Whether the disk has room for what people will write.

use crate::{
    domain::health::{CheckId, Reading, Status, Subject},
    monitor::Monitor,
};

const MIB: f64 = 1_048_576.0;
/// Some weeks of a busy installation.
const LITTLE: f64 = 1_024.0 * MIB;
/// Less than the database's log may grow to while somebody reads for long.
const HARDLY_ANY: f64 = 128.0 * MIB;

/// How much is left; nothing is said where the database is on another machine, whose operator watches its disk.
pub(super) fn space(monitor: &Monitor) -> Option<Reading> {
    let file = monitor.app.settings.database_file.as_ref()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let free = rustix::fs::statvfs(folder.unwrap_or_else(|| ".".as_ref()));
    let (value, status, sentence, remedy) = match free {
        #[expect(clippy::cast_precision_loss, reason = "shown in whole mebibytes")]
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize) as f64;
            let (status, sentence, remedy) = judged(free);
            (Some(free), status, sentence, remedy)
        }
        Err(error) => {
            tracing::warn!(%error, "the disk's free space cannot be read");
            (
                None,
                Status::Warn,
                "How much room is left on the disk cannot be read.",
                "Look whether the database's folder is there.",
            )
        }
    };
    Some(Reading {
        check: CheckId::DiskSpace,
        subject: Subject::Node(monitor.watch.node.clone()),
        status,
        value,
        unit: "bytes",
        warns_at: LITTLE,
        fails_at: Some(HARDLY_ANY),
        sentence: sentence.to_owned(),
        remedy,
    })
}

fn judged(free: f64) -> (Status, &'static str, &'static str) {
    const FULL: &str = "The disk with the database is nearly full; once it is, nobody can send.";
    const MAKE_ROOM: &str = "Make room on it or enlarge it; it goes on without a restart.";
    if free < HARDLY_ANY {
        (Status::Fail, FULL, MAKE_ROOM)
    } else if free < LITTLE {
        (Status::Warn, FULL, MAKE_ROOM)
    } else {
        (Status::Pass, "There is room on the disk with the database.", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fills_warns_before_it_fails() {
        let statuses = [2_048.0, 1_024.0, 1_023.0, 128.0, 127.0, 0.0].map(|mebibytes| judged(mebibytes * MIB).0);
        let [roomy, enough, little, last, hardly, none] = statuses;
        assert_eq!([roomy, enough], [Status::Pass; 2]);
        assert_eq!([little, last], [Status::Warn; 2]);
        assert_eq!([hardly, none], [Status::Fail; 2]);
    }
}
