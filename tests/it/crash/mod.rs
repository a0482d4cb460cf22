//! Kills: the real program under load ends by SIGKILL at random moments and starts again, and nothing that was
//! acknowledged is lost, doubled or out of order.
//!
//! `HEARBACK_KILLS` is how many, 20 where it is not set; `make crash COUNT=1000` sets it. A run prints its seed, and
//! `HEARBACK_SEED` brings the same dice back (the machine's own timing it cannot bring back).

pub mod candidate;
pub mod crew;
pub mod dice;
pub mod load;
pub mod recruiter;

use std::time::{Duration, Instant};

use self::{
    crew::{Crew, House, require_promises_kept},
    dice::Dice,
};
use crate::{checker::Log, harness::Process};

/// Messages a second that the candidates write together.
const RATE: u32 = 500;

/// How many kills one database sees.
const ROUND: usize = 50;

/// How long a server that was killed may be away.
const BACK: Duration = Duration::from_secs(3);

/// What one round came to.
struct Round {
    log: Log,
    resent: (usize, usize),
    /// How long each start took until the database took writes again.
    back: Vec<Duration>,
    lasted: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again() {
    let kills: usize = std::env::var("HEARBACK_KILLS").map_or(20, |kills| kills.parse().expect("a number"));
    let mut dice = Dice::by_setting();
    println!(
        "kills | seconds | acknowledged | resent | of these duplicates | leases | back: median, worst ms | faults"
    );
    let mut left = kills;
    while left > 0 {
        let now = left.min(ROUND);
        left -= now;
        let round = round(now, &mut dice).await;
        round.print();
        assert!(round.back.iter().all(|back| *back <= BACK), "back in {BACK:?}: {:?}", round.back);
        assert!(round.log.posts.len() > now * 10 && round.log.grants.len() > now, "it was a load");
    }
}

async fn round(kills: usize, dice: &mut Dice) -> Round {
    let house = House::build(50, 10).await;
    // Leases short enough to run out now and then.
    let flags = ["--rate-limits", "off", "--lease-seconds", "3"];
    let mut process = Process::start(house.folder.path(), &flags).await;
    let began = Instant::now();
    let mut crew = Crew::start(&process.url, &house, RATE, dice);
    let mut back = Vec::new();
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(100 + dice.below(900))).await;
        crew.require_alive();
        process.kill_and_spawn();
        let killed = Instant::now();
        process.answers("/readyz").await;
        back.push(killed.elapsed());
    }
    let resent = crew.load.clone();
    let log = crew.finish().await;
    let lasted = began.elapsed();
    process.kill();
    require_promises_kept(&house.file(), &log).await;
    back.sort_unstable();
    Round { log, resent: resent.resent(), back, lasted }
}

impl Round {
    fn print(&self) {
        let acknowledged = self.log.posts.iter().filter(|post| !post.acks.is_empty()).count();
        println!(
            "{:5} | {:7.1} | {acknowledged:12} | {:6} | {:19} | {:6} | {:12} {:9} | 0",
            self.back.len(),
            self.lasted.as_secs_f64(),
            self.resent.0,
            self.resent.1,
            self.log.grants.len(),
            self.back[self.back.len() / 2].as_millis(),
            self.back[self.back.len() - 1].as_millis(),
        );
    }
}
