//! A disk that fills is told, and told to be over once there is room.

use super::{FLAGS, disk::Disk, house_on};
use crate::harness::Process;

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_is_told_and_told_to_be_over_once_there_is_room() {
    // Room enough for nobody to be told of it, until it is filled.
    let disk = Disk::new(1_400);
    let house = house_on(&disk).await;
    let watched = ["--check-seconds", "1", "--heartbeat-seconds", "1"];
    let flags = [&FLAGS[..], &watched].concat();
    let process = Process::start_by(&[], disk.path(), house.folder.path(), &flags).await;
    process.answers("/readyz").await;
    disk.fill();
    process.logged("an alert fires check=\"disk:space\" severity=\"critical\"").await;
    process.logged("an alert fires check=\"database:writes\" severity=\"critical\"").await;
    disk.free();
    process.logged("an alert is over check=\"disk:space\"").await;
    process.logged("an alert is over check=\"database:writes\"").await;
}
