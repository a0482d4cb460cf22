//! An ordinary day's mix of work that goes on and on: memory, descriptors and tasks stay what they were.
//!
//! `HEARBACK_SOAK` is for how many seconds; `make soak SECONDS=600` sets it. A run of all tests leaves it out; a few seconds
//! show there that the gauge and its judge work, and that a load which holds ever more is caught.

mod caches;
mod gauge;
mod verdict;
mod visitors;

use std::time::Duration;

use hearback::domain::ids::Id;
use tokio::{task::JoinSet, time::Instant};

use self::{gauge::Gauge, verdict::Series};
use crate::{
    checker::{Stored, require_none},
    crash::{
        crew::{Crew, House},
        dice::Dice,
    },
    harness::{Process, Socket},
};

const CANDIDATES: usize = 100;
const RECRUITERS: usize = 5;

/// Messages a second that the candidates write together; below what each of them may.
const RATE: u32 = 40;

/// What is not looked at: the caches fill, and those who left half-way are let go after ten seconds, so that it takes as
/// long until as many go as come.
fn warm_up(length: Duration) -> Duration {
    (length / 4).max(Duration::from_secs(13))
}

/// The shortest run of which memory says something.
const LONG: Duration = Duration::from_mins(5);

fn length() -> Duration {
    Duration::from_secs(std::env::var("HEARBACK_SOAK").map_or(25, |seconds| seconds.parse().expect("a number")))
}

/// Looks at the gauge for as long as that, and notes what it says after a while.
async fn watch(gauge: &Gauge<'_>, length: Duration, warm_up: Duration, mut look_after: impl FnMut()) -> [Series; 4] {
    let began = Instant::now();
    let mut series = gauge::series();
    let mut pace = tokio::time::interval((length / 200).max(Duration::from_millis(100)));
    let mut said = began;
    while began.elapsed() < length {
        pace.tick().await;
        look_after();
        let reading = gauge.read().await;
        if said.elapsed() >= Duration::from_secs(20) {
            said = Instant::now();
            println!("{:5.0} s: {}", began.elapsed().as_secs_f64(), gauge::in_words(&reading));
        }
        if began.elapsed() >= warm_up {
            series.iter_mut().zip(reading).for_each(|(series, value)| series.note(began.elapsed(), value));
        }
    }
    series
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_grows_while_people_work() {
    let (length, mut dice) = (length(), Dice::by_setting());
    let mut house = House::build(CANDIDATES, RECRUITERS).await;
    let other = caches::move_in(&mut house).await;
    let process = Process::start(house.folder.path(), &["--log", "warn"]).await;
    let gauge = Gauge::at(&process, &house.operator).await;
    println!("    0 s: {}", gauge::in_words(&gauge.read().await));
    if length >= LONG {
        caches::fill(&process.url, &other).await;
        println!("caches are full: {}", gauge::in_words(&gauge.read().await));
    }
    let mut crew = Crew::start(&process.url, &house, RATE, &mut dice);
    let (mut visitors, visits) = visitors::come(&process.url, &house);
    let series = watch(&gauge, length, warm_up(length), || {
        crew.require_alive();
        if let Some(ended) = visitors.try_join_next() {
            ended.unwrap();
        }
    })
    .await;
    visitors.shutdown().await;
    let log = crew.finish().await;
    let sent = log.posts.len();
    println!("{sent} messages, {} leases, {visits} in {length:?}", log.grants.len());
    assert!(sent as u64 > u64::from(RATE) * length.as_secs() / 2, "it was a load: {sent}");
    let [memory, mapped, descriptors, tasks] = series;
    [&memory, &mapped, &descriptors, &tasks].iter().for_each(|series| println!("{series}"));
    drop(process);
    let mut stored = Stored::read(&house.file()).await;
    stored.0.remove(&other.chat.conversation.uuid());
    require_none(&stored, &log);
    assert!(!descriptors.grows() && !tasks.grows(), "something is never given back");
    // What is mapped is the program itself and its database; the system takes that back when it likes.
    assert!(length < LONG || !memory.grows(), "memory grows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_holds_ever_more_is_caught() {
    let house = House::build(1, 0).await;
    let process = Process::start(house.folder.path(), &["--log", "warn"]).await;
    let gauge = Gauge::at(&process, &house.operator).await;
    let (url, namespace, link) =
        (process.url.clone(), house.acme.namespace(), serde_json::json!({ "link": house.chats[0].link }));
    let mut leak = JoinSet::new();
    leak.spawn(async move {
        let mut held = Vec::new();
        loop {
            held.push(Socket::enter_at(&url, &namespace, link.clone()).await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let [_, _, descriptors, tasks] = watch(&gauge, Duration::from_secs(5), Duration::ZERO, || ()).await;
    println!("{descriptors}\n{tasks}");
    assert!(descriptors.grows() && tasks.grows());
}
