//! The network is cut for a while: nothing is missing afterwards, nothing is there twice.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{Writer, house, reader::read};
use crate::{
    crash::{
        crew::{Crew, House, file_in, require_promises_kept},
        dice::Dice,
    },
    harness::{
        Process,
        proxy::{Line, Proxy},
        wait::{allowed, within},
    },
};

const CUTS: [Line; 4] = [Line::Broken, Line::Silent, Line::Broken, Line::Silent];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_cut_those_who_read_have_everything_within_two_seconds_and_in_order() {
    let (acme, folder) = house().await;
    let process = Process::start(folder.path(), &["--rate-limits", "off", "--log", "warn"]).await;
    let proxy = Proxy::before(&process.url).await;
    let (seen, mut sees) = watch::channel(0);
    let (_at, url) = watch::channel(proxy.url.clone());
    let reader = tokio::spawn(read(url, acme.namespace(), acme.chat.clone(), seen));
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&process.url).await;
    for (cut, seconds) in CUTS.into_iter().zip([1, 1, 2, 3]) {
        writer.write(&socket, 100).await.unwrap();
        let reached = writer.acknowledged();
        within("what came before the cut", sees.wait_for(|seen| *seen == reached)).await.unwrap();
        proxy.set(cut);
        let until = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < until {
            writer.write(&socket, 100).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(*sees.borrow(), reached, "{cut:?} lets nothing through");
        proxy.set(Line::Whole);
        let (mended, last) = (Instant::now(), writer.acknowledged());
        within("what came during the cut", sees.wait_for(|seen| *seen == last)).await.unwrap();
        let took = mended.elapsed();
        println!("{cut:?} for {seconds} s: {} messages caught up in {took:.0?}", last - reached);
        assert!(took < allowed(Duration::from_secs(2)), "{took:?}");
    }
    reader.abort();
    drop(process);
    writer.require_kept(&file_in(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_under_load_lose_nothing_double_nothing_and_queue_everything_once() {
    let mut dice = Dice::by_setting();
    let house = House::build(20, 4).await;
    let flags = ["--rate-limits", "off", "--log", "warn", "--lease-seconds", "3"];
    let mut process = Process::start(house.folder.path(), &flags).await;
    let proxy = Proxy::before(&process.url).await;
    let mut crew = Crew::start(&proxy.url, &house, 150, &mut dice);
    for cut in CUTS {
        tokio::time::sleep(Duration::from_millis(300 + dice.below(600))).await;
        proxy.set(cut);
        tokio::time::sleep(Duration::from_millis(500 + dice.below(1_000))).await;
        proxy.set(Line::Whole);
        crew.require_alive();
    }
    let log = crew.finish().await;
    process.kill();
    println!("{} messages, {} leases", log.posts.len(), log.grants.len());
    assert!(log.posts.len() > 50 && log.grants.len() > 5, "there was no load to speak of");
    require_promises_kept(&house.file(), &log).await;
}
