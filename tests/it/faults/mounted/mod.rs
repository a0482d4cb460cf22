//! Faults of a disk, on a file system of the test's own. They need root and loop devices, so `make test` leaves them out
//! and says how many it left out; `make faults` runs them, and fails where it cannot mount.

mod alerts;
mod disk;
mod refusals;

use std::time::{Duration, Instant};

use self::disk::Disk;
use crate::{
    crash::{
        crew::{Crew, House, file_in, require_promises_kept},
        dice::Dice,
    },
    harness::{Process, wait::until},
};

const FLAGS: [&str; 4] = ["--rate-limits", "off", "--lease-seconds", "3"];

/// A house whose database lies on a disk of its own.
async fn house_on(disk: &Disk) -> House {
    let house = House::build(30, 4).await;
    std::fs::copy(house.file(), file_in(disk.path())).unwrap();
    // What the server begins with has outlived the first cut already.
    std::fs::File::open(file_in(disk.path())).unwrap().sync_all().unwrap();
    std::fs::File::open(disk.path()).unwrap().sync_all().unwrap();
    house
}

async fn acknowledged(crew: &Crew, at_least: usize) {
    until("messages to be acknowledged", || {
        let log = crew.load.log.lock().unwrap();
        let count = log.posts.iter().filter(|post| !post.acks.is_empty()).count();
        let enough = (count >= at_least).then_some(());
        async move { enough }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writers_only_and_once_freed_is_written_to_without_a_restart() {
    let disk = Disk::new(64);
    let house = house_on(&disk).await;
    let mut process = Process::start_by(&[], disk.path(), house.folder.path(), &FLAGS).await;
    let crew = Crew::start(&process.url, &house, 200, &mut Dice::by_setting());
    acknowledged(&crew, 100).await;
    disk.fill();
    until("writers to be refused", || {
        let refused = crew.load.refusals().get("read_only").copied();
        async move { refused }
    })
    .await;
    let probe = reqwest::get(format!("{}/readyz", process.url)).await.unwrap();
    assert_eq!(probe.status(), 503);
    assert!(reqwest::get(format!("{}/sign-in", process.url)).await.unwrap().status().is_success(), "reading works");
    disk.free();
    let freed = Instant::now();
    process.answers("/readyz").await;
    assert!(freed.elapsed() < Duration::from_secs(10), "{:?}", freed.elapsed());
    println!("writes again after {:?}; refused meanwhile: {:?}", freed.elapsed(), crew.load.refusals());
    assert_eq!(crew.load.refusals().keys().collect::<Vec<_>>(), ["read_only"], "no other code");
    let log = crew.finish().await;
    process.kill();
    require_promises_kept(&file_in(disk.path()), &log).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_the_power() {
    let cuts: usize = std::env::var("HEARBACK_CUTS").map_or(5, |cuts| cuts.parse().expect("a number"));
    let mut dice = Dice::by_setting();
    let mut disk = Disk::new(512);
    let house = house_on(&disk).await;
    let mut process = Process::start_by(&[], disk.path(), house.folder.path(), &FLAGS).await;
    let mut crew = Crew::start(&process.url, &house, 300, &mut dice);
    for _ in 0..cuts {
        tokio::time::sleep(Duration::from_millis(200 + dice.below(800))).await;
        crew.require_alive();
        // The power takes the server at the same moment as the disk. Linux answers some syncs that are on their way while
        // it shuts the file system down as if they had taken place, also for a program that does nothing but append.
        process.freeze().await;
        disk.cut_power();
        process.kill();
        disk.power_on();
        process.kill_and_spawn();
        process.answers("/readyz").await;
    }
    let log = crew.finish().await;
    process.kill();
    require_promises_kept(&file_in(disk.path()), &log).await;
    println!("{cuts} cuts, {} messages, {} leases, 0 faults", log.posts.len(), log.grants.len());
}
