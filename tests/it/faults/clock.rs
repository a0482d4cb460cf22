//! The system's clock leaps by a day, by libfaketime: leases run by a clock that does not, and nothing changes its place.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Writer, house, number_of};
use crate::harness::{Browser, Process, Socket, wait::until};

/// A lease may end so much later than it should, since leases are looked for now and then.
const LATE: Duration = Duration::from_secs(5);

/// The dynamic linker knows what `$LIB` is here.
const LIBRARY: &str = "LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1";

/// The server's system clock: how far it is from the true one.
struct SystemClock(PathBuf);

impl SystemClock {
    fn new(folder: &Path) -> Self {
        let clock = Self(folder.join("faketime"));
        clock.set("+0");
        clock
    }

    fn set(&self, ahead: &str) {
        std::fs::write(&self.0, ahead).unwrap();
    }

    async fn start(&self, folder: &Path, lease: Duration) -> Process {
        let file = format!("FAKETIME_TIMESTAMP_FILE={}", self.0.display());
        let before = ["env", LIBRARY, &file, "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1"];
        let lease = lease.as_secs().to_string();
        Process::start_by(&before, folder, folder, &["--rate-limits", "off", "--lease-seconds", &lease]).await
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
    for (leap, days) in [("+1d", 1), ("-1d", -1), ("+0", 0)] {
        let claimed = holder.ask("queue:next", json!({})).await;
        let lease_in_hand = json!({ "conversation": acme.chat.conversation, "lease": claimed["lease"]["token"] });
        clock.set(leap);
        writer.write(&candidate, 10).await.unwrap();
        until("the leap to show in the log", || {
            let off = (ahead(&process) - TimeDelta::days(days)).abs();
            async move { (off < TimeDelta::hours(1)).then_some(()) }
        })
        .await;
        let held = Instant::now();
        holder.ask("queue:renew", lease_in_hand).await;
        assert_eq!(browser.get("/o/acme").await.status, 200, "{leap}: a session goes on");
        let late = writer.enter(&process.url).await;
        writer.write(&late, 10).await.expect("a chat link lets in");
        let waiting = async {
            while holder.ask("queue:overview", json!({ "limit": 10 })).await["waiting"] != 1 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let ran_out = tokio::time::timeout(lease + LATE, waiting).await;
        let lasted = held.elapsed();
        println!("after {leap} a lease of {lease:?} lasted {lasted:.1?}");
        ran_out.expect("the lease ends in time");
        assert!(lasted > lease * 9 / 10, "{leap}: it ended early, after {lasted:?}");
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
    clock.set("+1d");
    let mut process = clock.start(folder.path(), lease).await;
    let mut writer = Writer::of(&acme);
    let candidate = writer.enter(&process.url).await;
    writer.write(&candidate, 10).await.unwrap();
    let holder = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let claimed = holder.ask("queue:next", json!({})).await;
    let expires = DateTime::parse_from_rfc3339(claimed["lease"]["expires_at"].as_str().unwrap()).unwrap();
    assert!(expires.to_utc() - Utc::now() > TimeDelta::hours(23), "by a clock of tomorrow");
    clock.set("+0");
    process.kill_and_spawn();
    process.answers("/livez").await;
    let holder = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    until("the entry to wait again", || async {
        let overview = holder.ask("queue:overview", json!({ "limit": 10 })).await;
        (overview["waiting"] == 1).then_some(())
    })
    .await;
}
