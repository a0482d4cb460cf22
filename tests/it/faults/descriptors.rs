//! No descriptor is free: whoever is inside goes on, whoever comes waits, and nothing ends.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use tokio::net::TcpStream;

use super::{Writer, house};
use crate::{
    crash::crew::file_in,
    harness::{
        Process,
        wait::{until, within},
    },
};

/// How many descriptors the server gets.
const LIMIT: u64 = 128;

fn seconds_of_cpu(process: &Process) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    // User and system time, in hundredths.
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

#[tokio::test(flavor = "multi_thread")]
async fn without_free_descriptors_those_inside_go_on_and_those_outside_come_in_later() {
    let (acme, folder) = house().await;
    let mut process = Process::start(folder.path(), &["--rate-limits", "off", "--log", "warn"]).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&process.url).await;
    writer.write(&socket, 10).await.unwrap();
    let limited = Command::new("prlimit")
        .args(["--pid", &process.id().to_string(), &format!("--nofile={LIMIT}:{LIMIT}")])
        .status()
        .unwrap();
    assert!(limited.success());

    let address = process.url.trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    // More than fit: the kernel takes the others, until the server can.
    for _ in 0..LIMIT {
        held.push(within("a connection", TcpStream::connect(&address)).await.unwrap());
    }
    until("no free descriptor", || async { (process.descriptors() >= LIMIT).then_some(()) }).await;
    let (before, began) = (seconds_of_cpu(&process), Instant::now());
    for _ in 0..20 {
        writer.write(&socket, 10).await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let busy = (seconds_of_cpu(&process) - before) / began.elapsed().as_secs_f64();
    assert!(busy < 0.5, "it waits instead of asking again and again: {busy:.2} of a processor");

    drop(held);
    let freed = Instant::now();
    let newcomer = writer.enter(&process.url).await;
    writer.write(&newcomer, 10).await.unwrap();
    assert!(freed.elapsed() < Duration::from_secs(5), "{:?}", freed.elapsed());
    assert!(process.runs());
    drop(process);
    writer.require_kept(&file_in(folder.path())).await;
}
