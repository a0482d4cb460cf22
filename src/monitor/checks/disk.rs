//! Whether the disk has room for what people will write.

use crate::{
    app::App,
    domain::health::{CheckId, Reading, Status},
};

const MIB: f64 = 1_048_576.0;
/// Some weeks of a busy installation.
const LITTLE: f64 = 1_024.0 * MIB;
/// Less than the database's log may grow to while somebody reads for long.
const HARDLY_ANY: f64 = 128.0 * MIB;

/// How much is left; nothing is said where the database is on another machine, whose operator watches its disk.
pub(super) fn space(app: &App) -> Option<Reading> {
    let file = app.settings.database_file.as_ref()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let free = rustix::fs::statvfs(folder.unwrap_or_else(|| ".".as_ref()));
    let (value, status, advice) = match free {
        #[expect(clippy::cast_precision_loss, reason = "shown in whole mebibytes")]
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize) as f64;
            let (status, advice) = judged(free);
            (Some(free), status, advice)
        }
        Err(error) => {
            tracing::warn!(%error, "the disk's free space cannot be read");
            (None, Status::Warn, "How much room is left cannot be read: look whether the database's folder is there.")
        }
    };
    let check = CheckId::DiskSpace;
    let (warns_at, fails_at) = (LITTLE, HARDLY_ANY);
    Some(Reading { check, status, value, unit: "bytes", warns_at, fails_at, advice: advice.to_owned() })
}

fn judged(free: f64) -> (Status, &'static str) {
    const MAKE_ROOM: &str = "The disk with the database is nearly full; once it is, nobody can send. Make room on it or \
                             enlarge it; it goes on without a restart.";
    if free < HARDLY_ANY {
        (Status::Fail, MAKE_ROOM)
    } else if free < LITTLE {
        (Status::Warn, MAKE_ROOM)
    } else {
        (Status::Pass, "There is room on the disk with the database.")
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
