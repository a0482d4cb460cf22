//! Single writes and syncs that fail, by libfiu: what was refused is not there, what was acknowledged is, and writing comes
//! back by itself.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::{Writer, assert_reading_works, assert_writing_is_refused, house, number_of, preload};
use crate::{
    crash::{
        crew::{Crew, House, file_in, require_promises_kept},
        dice::Dice,
    },
    harness::{Browser, Process, wait::until},
};

const FLAGS: [&str; 6] = ["--rate-limits", "off", "--log", "warn", "--lease-seconds", "3"];

/// How long writing may take to come back.
const BACK: Duration = Duration::from_secs(10);

pub const WRITE: &str = "posix/io/rw/pwrite";
/// A write that takes only a part; whoever writes goes on with the rest.
const SHORT_WRITE: &str = "posix/io/rw/pwrite/reduce";
const SYNC: &str = "posix/io/sync/fdatasync";
const TRUNCATE: &str = "posix/io/rw/ftruncate";

/// What listens to orders, and what carries them out.
const LIBFIU: &str = "/usr/lib/fiu/fiu_run_preload.so /usr/lib/fiu/fiu_posix_preload.so";

/// A server whose system calls can be made to fail while it runs.
pub struct Fragile {
    pub process: Process,
    pipe: PathBuf,
}

impl Fragile {
    async fn start(folder: &Path) -> Self {
        Self::start_with(folder, &FLAGS).await
    }

    pub async fn start_with(folder: &Path, flags: &[&str]) -> Self {
        let pipe = folder.join("fiu");
        // What fiu-run -x does, with a library of ours before its own.
        let libraries = format!("{} {LIBFIU}", preload("plain_memory", folder));
        let before = ["env", &libraries, &format!("FIU_CTRL_FIFO={}", pipe.display())];
        Self { process: Process::start_by(&before, folder, folder, flags).await, pipe }
    }

    /// In libfiu's own words.
    fn order(&self, command: &str) {
        let (path, number) = (self.pipe.to_str().unwrap(), self.process.id().to_string());
        let output = Command::new("fiu-ctrl").args(["-f", path, "-c", command, &number]).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{command}: {output:?}");
    }

    /// The next call of that kind fails by EIO, and none after it. (An error drawn at random may be one that is harmless.)
    fn fail_once(&self, call: &str) {
        self.order(&format!("enable name={call},onetime,failinfo=5"));
    }

    pub fn fail_always(&self, call: &str) {
        self.order(&format!("enable name={call}"));
    }

    fn fail_sometimes(&self, call: &str, probability: f64) {
        self.order(&format!("enable_random name={call},probability={probability}"));
    }

    pub fn mend(&self, call: &str) {
        self.order(&format!("disable name={call}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_write_or_sync_fails_once_is_refused_and_never_stored() {
    let (acme, folder) = house().await;
    let mut fragile = Fragile::start(folder.path()).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&fragile.process.url).await;
    let browser = Browser::of_at(&fragile.process.url, &acme.recruiter.cookie()).await;
    for call in [WRITE, SYNC] {
        for round in 0..10 {
            writer.write(&socket, 10).await.unwrap();
            // Nothing else is written after this: whoever searches has it put into the index first.
            assert_eq!(browser.get("/o/acme/search?q=anything").await.status, 200);
            fragile.fail_once(call);
            // Not sent again: had the commit been tried again, it would be there.
            let refused = writer.write(&socket, 5_000).await;
            assert_eq!(refused, Err("read_only".to_owned()), "{call}, round {round}");
            writer.write(&socket, 10).await.expect("the next one finds everything in order");
        }
    }
    fragile.process.kill();
    writer.require_kept(&file_in(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_can_be_synced_everybody_is_refused_and_afterwards_nobody() {
    let (acme, folder) = house().await;
    let mut fragile = Fragile::start(folder.path()).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&fragile.process.url).await;
    for call in [WRITE, SYNC] {
        writer.write(&socket, 100).await.unwrap();
        fragile.fail_always(call);
        for _ in 0..10 {
            assert_eq!(writer.write(&socket, 100).await, Err("read_only".to_owned()), "{call}");
        }
        assert_writing_is_refused(&acme, &fragile.process.url, &["read_only"]).await;
        assert_reading_works(&acme, &fragile.process.url, &socket).await;
        fragile.mend(call);
        let message = writer.next(100);
        let back = writer.insist(&socket, &message).await;
        assert!(back < BACK, "{back:?}");
        fragile.process.answers("/readyz").await;
    }
    fragile.process.kill();
    writer.require_kept(&file_in(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_and_syncs_that_fail_at_random_under_load_cost_no_acknowledged_message() {
    let mut dice = Dice::by_setting();
    let house = House::build(20, 4).await;
    let mut fragile = Fragile::start(house.folder.path()).await;
    let mut crew = Crew::start(&fragile.process.url, &house, 200, &mut dice);
    let mut longest = Duration::ZERO;
    for round in 0..number_of("HEARBACK_FAULT_ERRORS", 3) {
        for (call, probability) in [(WRITE, 0.02), (SHORT_WRITE, 0.2), (SYNC, 0.2), (TRUNCATE, 0.5)] {
            let before = refused(&crew);
            fragile.fail_sometimes(call, probability);
            if [WRITE, SYNC].contains(&call) {
                until("some to be refused", || {
                    let now = refused(&crew);
                    async move { (now >= before + 20).then_some(()) }
                })
                .await;
            } else {
                tokio::time::sleep(Duration::from_millis(200 + dice.below(300))).await;
            }
            fragile.mend(call);
            let mended = Instant::now();
            fragile.process.answers("/readyz").await;
            longest = longest.max(mended.elapsed());
            crew.require_alive();
            if dice.percent(20) {
                println!("killed in round {round}, after {call}");
                fragile.process.kill_and_spawn();
                fragile.process.answers("/livez").await;
            }
        }
    }
    let refusals = crew.load.refusals();
    let resent = crew.load.resent();
    let log = crew.finish().await;
    fragile.process.kill();
    println!("{} messages, refused {refusals:?}, sent again {resent:?}, back in {longest:.1?}", log.posts.len());
    assert!(longest < BACK, "{longest:?}");
    assert!(refusals.keys().all(|code| super::REFUSALS.contains(&code.as_str())), "{refusals:?}");
    require_promises_kept(&house.file(), &log).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_builds_on_nothing_that_a_killed_server_left_in_its_log() {
    let (acme, folder) = house().await;
    let mut process = Process::start(folder.path(), &FLAGS).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&process.url).await;
    for _ in 0..5 {
        writer.write(&socket, 5_000).await.unwrap();
    }
    let log = folder.path().join("hearback.db-wal");
    // Its header, which is another each time the log begins anew.
    let header = || std::fs::read(&log).unwrap().into_iter().take(32).collect::<Vec<_>>();
    let left = header();
    assert!(!left.is_empty(), "what was written stands in the log");
    process.kill_and_spawn();
    process.answers("/livez").await;
    let socket = writer.enter(&process.url).await;
    writer.write(&socket, 10).await.unwrap();
    assert_ne!(header(), left, "what was there was written into the file and synced before");
    process.kill();
    writer.require_kept(&file_in(folder.path())).await;
}

/// How many were.
fn refused(crew: &Crew) -> usize {
    crew.load.refusals().values().sum()
}
