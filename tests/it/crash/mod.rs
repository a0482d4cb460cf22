//! Kill -9 under load, again and again: what was acknowledged stays, once, in order, and queued once.
//!
//! `make crash COUNT=1000` runs the same with another count.

mod broken;
mod checker;
mod clients;
mod log;
mod stored;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hearback::{app::tokens, domain::user::Role};

use self::{
    clients::{Dice, Ground, candidate, recruiter},
    log::Log,
};
use crate::harness::{Process, Server, Tenant, tenant};

/// How many candidates write, each eight messages a second.
const CANDIDATES: usize = 60;
const RECRUITERS: usize = 12;
const LEASE_SECONDS: i64 = 3;

fn number_of(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_load_lose_nothing_double_nothing_and_queue_everything_once() {
    let kills = number_of("HEARBACK_CRASH_KILLS", 20);
    let seed = number_of("HEARBACK_CRASH_SEED", Dice::unforeseen());
    println!("{kills} kills, HEARBACK_CRASH_SEED={seed}");
    let mut dice = Dice::new(seed);

    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let mut chats = Vec::new();
    let mut tokens = Vec::new();
    for number in 0..RECRUITERS {
        let name = tenant::name(&format!("recruiter {number}"));
        tokens.push(tokens::create(server.app(), &acme.owner.actor, name, Role::Recruiter).await.unwrap().1);
    }
    for number in 0..CANDIDATES {
        chats.push(acme.add_candidate(server.app(), &format!("candidate {number}")).await);
    }
    let folder = server.stop().await;

    let flags = ["--rate-limits", "off", "--log", "warn", "--lease-seconds", &LEASE_SECONDS.to_string()];
    let mut process = Process::start(folder.path(), &flags).await;
    let ground = Arc::new(Ground::new(&process.url, &acme.namespace(), Log::default()));
    let candidates: Vec<_> =
        chats.into_iter().map(|chat| tokio::spawn(candidate(Arc::clone(&ground), chat, dice.another()))).collect();
    let recruiters: Vec<_> = tokens
        .into_iter()
        .map(|token| tokio::spawn(recruiter(Arc::clone(&ground), token.expose().to_owned(), dice.another())))
        .collect();

    let started = Instant::now();
    let mut longest = Duration::ZERO;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(dice.within(200..1_200))).await;
        drop(process);
        let killed = Instant::now();
        process = Process::start(folder.path(), &flags).await;
        longest = longest.max(killed.elapsed());
        ground.moved_to(&process.url);
    }
    ground.stop_writing();
    for task in candidates.into_iter().chain(recruiters) {
        task.await.unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    drop(process);

    let log = ground.log();
    let stored = stored::read(&folder.path().join("hearback.db")).await;
    let faults = checker::faults(&stored, &log, LEASE_SECONDS * 1_000);
    println!(
        "{} acknowledged ({:.0}/s), {} told, {} leases, {} stored; back after at most {longest:.1?}; {} faults",
        log.acked.len(),
        f64::from(u32::try_from(log.acked.len()).unwrap()) / seconds,
        log.told.len(),
        log.held.len(),
        stored.messages.len(),
        faults.len()
    );
    assert!(log.acked.len() > 100 && log.held.len() > 10, "there was no load to speak of");
    assert!(faults.is_empty(), "seed {seed}: {:#?}", &faults[..faults.len().min(10)]);
}
