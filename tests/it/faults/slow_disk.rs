//! A disk that is slow to sync: an ack takes as long as the disk, and little more.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;

use super::{number_of, preload};
use crate::{
    crash::crew::House,
    harness::{Process, Socket, act::client_id},
};

/// What may come to the delay of the disk.
const MORE: Duration = Duration::from_millis(200);

/// How many messages each writes, one after the other.
const EACH: usize = 20;

async fn write(socket: Socket, conversation: String) -> Vec<Duration> {
    let mut took = Vec::new();
    for number in 0..EACH {
        let sent = Instant::now();
        let post = json!({ "conversation": conversation, "client_id": client_id(), "body": format!("{number}") });
        socket.ask("message:post", post).await;
        took.push(sent.elapsed());
    }
    took
}

/// How long acks took, shortest first, with so many who write at a time.
async fn measure(house: &House, writers: usize, delay: Duration) -> Vec<Duration> {
    let folder = house.folder.path();
    let milliseconds = format!("HEARBACK_TEST_SYNC_MILLISECONDS={}", delay.as_millis());
    let flags = ["--rate-limits", "off", "--log", "error"];
    let process =
        Process::start_by(&["env", &preload("slow_disk", folder), &milliseconds], folder, folder, &flags).await;
    let mut working = Vec::new();
    for chat in &house.chats[..writers] {
        let socket = Socket::enter_at(&process.url, &house.acme.namespace(), json!({ "link": chat.link })).await;
        working.push(write(socket, chat.conversation.to_string()));
    }
    let mut took: Vec<Duration> = join_all(working).await.concat();
    took.sort_unstable();
    let [median, p99] = [50, 99].map(|share| took[(took.len() - 1) * share / 100]);
    println!("{writers:3} who write, syncs of {delay:?}: ack median {median:.0?}, p99 {p99:.0?}");
    assert!(took[0] >= delay, "the disk was not slow: {:?}", took[0]);
    took
}

/// One who comes while a commit is on its way waits for that one, too: with many who write, at most two delays.
#[tokio::test(flavor = "multi_thread")]
async fn an_ack_takes_as_long_as_the_disk_and_little_more() {
    let house = House::build(number_of("HEARBACK_FAULT_WRITERS", 20), 1).await;
    for (writers, delay) in [(1, 300), (house.chats.len(), 100)] {
        let delay = Duration::from_millis(delay);
        let took = measure(&house, writers, delay).await;
        let p99 = took[(took.len() - 1) * 99 / 100];
        assert!(p99 <= delay + MORE, "p99 {p99:?}");
    }
}
