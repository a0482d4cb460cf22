//! The system's clock leaps by a day: leases run by a clock that does not, and nothing changes its place. (libfaketime
//! takes memory when it is asked for the time, and so hangs when the allocator asks.)

use std::{
    fs::OpenOptions,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Writer, house, number_of, preload};
use crate::harness::{Browser, Process, Socket, wait::until};

/// A lease may end so much later than it should, since leases are looked for now and then.
const LATE: Duration = Duration::from_secs(5);

/// The server's system clock: how far it is from the true one.
pub struct SystemClock {
    file: PathBuf,
    preload: String,
}

impl SystemClock {
    pub fn new(folder: &Path) -> Self {
        let clock = Self { file: folder.join("clock"), preload: preload("system_clock", folder) };
        clock.set(0);
        clock
    }

    /// In place: the server has the file mapped.
    pub fn set(&self, days: i64) {
        self.set_ahead(TimeDelta::days(days));
    }

    /// In place, too.
    pub fn set_ahead(&self, time: TimeDelta) {
        let seconds = time.num_seconds().to_ne_bytes();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.file).unwrap();
        file.write_all_at(&seconds, 0).unwrap();
    }

    async fn start(&self, folder: &Path, lease: Duration) -> Process {
        let lease = lease.as_secs().to_string();
        self.start_with(folder, &["--rate-limits", "off", "--lease-seconds", &lease]).await
    }

    pub async fn start_with(&self, folder: &Path, flags: &[&str]) -> Process {
        let file = format!("HEARBACK_TEST_CLOCK={}", self.file.display());
        Process::start_by(&["env", &self.preload, &file], folder, folder, flags).await
    }
}

/// How far ahead of the true time the last line of the log was written; lines are stamped with the system's.
fn ahead(process: &Process) -> TimeDelta {
    let log = process.log();
    let mut stamps = log.lines().filter_map(|line| DateTime::parse_from_rfc3339(line.split(' ').next()?).ok());
    stamps.next_back().expect("a line").to_utc() - Utc::now()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_leaps_by_a_day_ends_no_lease_early_or_late_and_changes_no_order() {
    let (acme, folder) = house().await;
    let lease = Duration::from_secs(number_of("HEARBACK_FAULT_LEASE", 4).try_into().unwrap());
    let clock = SystemClock::new(folder.path());
    let process = clock.start(folder.path(), lease).await;
    let mut writer = Writer::of(&acme);
    let candidate = writer.enter(&process.url).await;
    let holder = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let browser = Browser::of_at(&process.url, &acme.recruiter.cookie()).await;
    writer.write(&candidate, 10).await.unwrap();
    for days in [1, -1, 0] {
        let claimed = holder.ask("queue:next", json!({})).await;
        let lease_in_hand = json!({ "conversation": acme.chat.conversation, "lease": claimed["lease"]["token"] });
        clock.set(days);
        writer.write(&candidate, 10).await.unwrap();
        until("the leap to show in the log", || {
            let off = (ahead(&process) - TimeDelta::days(days)).abs();
            async move { (off < TimeDelta::hours(1)).then_some(()) }
        })
        .await;
        let held = Instant::now();
        holder.ask("queue:renew", lease_in_hand).await;
        assert_eq!(browser.get("/o/acme").await.status, 200, "{days} days: a session goes on");
        let late = writer.enter(&process.url).await;
        writer.write(&late, 10).await.expect("a chat link lets in");
        let waiting = async {
            while holder.ask("queue:overview", json!({ "limit": 10 })).await["waiting"] != 1 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let ran_out = tokio::time::timeout(lease + LATE, waiting).await;
        let lasted = held.elapsed();
        println!("{days} days ahead a lease of {lease:?} lasted {lasted:.1?}");
        ran_out.expect("the lease ends in time");
        assert!(lasted > lease * 9 / 10, "{days} days: it ended early, after {lasted:?}");
    }
    let history = json!({ "conversation": acme.chat.conversation, "limit": 200 });
    let history = holder.ask("message:history", history).await;
    let messages = history["messages"].as_array().unwrap();
    let told = |field: &str| messages.iter().map(|message| message[field].to_string()).collect::<Vec<_>>();
    assert_eq!(messages.len(), 7);
    assert!(messages.iter().map(|message| message["seq"].as_i64().unwrap()).eq(1..=7));
    assert!(told("created_at").is_sorted() && told("id").is_sorted(), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_given_by_a_clock_that_was_set_back_since_does_not_last_for_a_day() {
    let (acme, folder) = house().await;
    let lease = Duration::from_secs(4);
    let clock = SystemClock::new(folder.path());
    clock.set(1);
    let mut process = clock.start(folder.path(), lease).await;
    let mut writer = Writer::of(&acme);
    let candidate = writer.enter(&process.url).await;
    writer.write(&candidate, 10).await.unwrap();
    let holder = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let claimed = holder.ask("queue:next", json!({})).await;
    let expires = DateTime::parse_from_rfc3339(claimed["lease"]["expires_at"].as_str().unwrap()).unwrap();
    assert!(expires.to_utc() - Utc::now() > TimeDelta::hours(23), "by a clock of tomorrow");
    clock.set(0);
    process.kill_and_spawn();
    process.answers("/livez").await;
    let holder = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    until("the entry to wait again", || async {
        let overview = holder.ask("queue:overview", json!({ "limit": 10 })).await;
        (overview["waiting"] == 1).then_some(())
    })
    .await;
}
