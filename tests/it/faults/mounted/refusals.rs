//! Disks that are full, read-only or broken: nothing is acknowledged that is not there, and reading goes on.

use std::time::Duration;

use tempfile::TempDir;

use super::{FLAGS, disk::Disk};
use crate::{
    crash::crew::file_in,
    faults::{REFUSALS, Writer, assert_reading_works, assert_writing_is_refused, house},
    harness::{Process, Tenant, wait::until},
};

/// An organization that is served from a disk; the folder holds what the server prints.
async fn served_from(disk: &Disk) -> (Tenant, TempDir, Process) {
    let (acme, folder) = house().await;
    std::fs::copy(file_in(folder.path()), file_in(disk.path())).unwrap();
    let process = Process::start_by(&[], disk.path(), folder.path(), &FLAGS).await;
    (acme, folder, process)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_says_that_a_full_disk_takes_nothing_and_reading_goes_on() {
    let disk = Disk::new(64);
    let (acme, _logs, mut process) = served_from(&disk).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&process.url).await;
    for length in [1, 10, 9_000] {
        writer.write(&socket, length).await.unwrap();
    }
    for round in 0..3 {
        disk.fill();
        // The log that is there already still takes a few.
        let mut refused = Vec::new();
        while refused.len() < 20 {
            refused.extend(writer.write(&socket, 9_000).await.err());
        }
        assert!(refused.iter().all(|code| REFUSALS.contains(&code.as_str())), "round {round}: {refused:?}");
        assert_writing_is_refused(&acme, &process.url, &REFUSALS).await;
        assert_reading_works(&acme, &process.url, &socket).await;

        disk.free();
        let message = writer.next(100);
        let back = writer.insist(&socket, &message).await;
        assert!(back < Duration::from_secs(10), "{back:?}");
        let ready = format!("{}/readyz", process.url);
        until("readiness", || async { reqwest::get(&ready).await.unwrap().status().is_success().then_some(()) }).await;
    }
    process.kill();
    writer.require_kept(&file_in(disk.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_becomes_read_only_is_read_and_nothing_is_acknowledged() {
    let disk = Disk::new(64);
    let (acme, _logs, mut process) = served_from(&disk).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&process.url).await;
    for length in [1, 10, 9_000] {
        writer.write(&socket, length).await.unwrap();
    }
    disk.make_read_only();
    let mut refused = 0;
    for _ in 0..20 {
        refused += usize::from(writer.write(&socket, 9_000).await == Err("read_only".to_owned()));
    }
    assert_eq!(refused, 20);
    assert_writing_is_refused(&acme, &process.url, &["read_only"]).await;
    assert_reading_works(&acme, &process.url, &socket).await;
    assert!(process.runs());
    drop(process);

    // On the next start the kernel has mended what it can.
    let kept = tempfile::tempdir().unwrap();
    for end in ["", "-wal"] {
        let file = format!("hearback.db{end}");
        std::fs::copy(disk.path().join(&file), kept.path().join(&file)).unwrap();
    }
    writer.require_kept(&file_in(kept.path())).await;
}
