//! The example organization, made by the same use cases as a real one, on a clock that walks from the past to now.

mod guide;
mod more_threads;
mod stage;
mod story;
mod threads;
mod whole;

use std::{io, sync::Arc};

use chrono::TimeDelta;

pub use self::guide::Guide;
use self::{
    guide::{ChatLink, SignIn},
    more_threads::MORE_THREADS,
    stage::{Live, Stage},
    story::{ANNOUNCEMENTS, Act, PROJECTS, Thread},
    threads::THREADS,
    whole::{Begin, Finish},
};
use crate::{
    app::{App, Settings, limits::Limits},
    clock::Clock,
    domain::{problem::Problem, time::Timestamp},
    store::{Announcing, Pools, Store},
    telemetry::Metrics,
};

/// When the organization begins, in minutes before the start.
const BEGINNING: i64 = 6 * 1_440;

/// What happens next.
enum Step {
    Announces(usize),
    Acts(usize, Act),
}

/// Takes away what a broken-off start has left of the example and, if it is `wanted`, fills a database that has no
/// organization yet. `keep` is told how to enter it before it counts as whole; `None` where nothing was made.
///
/// # Errors
/// The store's, and what keeping it says.
pub async fn look_after(
    pools: &Pools,
    settings: &Settings,
    now: Timestamp,
    wanted: bool,
    keep: impl FnOnce(&Guide) -> io::Result<()>,
) -> Result<Option<Guide>, Problem> {
    let clock = Clock::manual(now.plus(TimeDelta::minutes(-BEGINNING)));
    let turn = pools.example_turn().await?;
    let metrics = Arc::<Metrics>::default();
    let (store, writer) = Store::start(pools.clone(), clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
    // What is claimed in the example is to be seen for a while.
    let settings = Settings { lease: TimeDelta::hours(1), ..settings.clone() };
    let app = App { store, clock, limits: Limits::new(false).into(), settings: settings.into(), metrics };
    let guide = make(&app, now, wanted, keep).await;
    drop(app);
    if let Err(error) = writer.await {
        tracing::error!(%error, "the writer of the example broke");
    }
    turn.end().await?;
    guide
}

async fn make(
    app: &App,
    now: Timestamp,
    wanted: bool,
    keep: impl FnOnce(&Guide) -> io::Result<()>,
) -> Result<Option<Guide>, Problem> {
    whole::take_away_half(app).await?;
    if !wanted || !app.store.commit(Begin).await? {
        return Ok(None);
    }
    let guide = play(app, now).await?;
    keep(&guide).map_err(Problem::internal)?;
    app.store.commit(Finish).await?;
    Ok(Some(guide))
}

async fn play(app: &App, now: Timestamp) -> Result<Guide, Problem> {
    let stage = Stage::set(app, &PROJECTS).await?;
    let mut threads = Vec::new();
    for thread in story_threads() {
        app.clock.set(app.clock.now().plus(TimeDelta::minutes(3)));
        threads.push(stage.enter(thread).await?);
    }
    for (ago, step) in steps() {
        app.clock.set(now.plus(TimeDelta::minutes(-ago)));
        match step {
            Step::Announces(at) => stage.announce(ANNOUNCEMENTS[at].1, ANNOUNCEMENTS[at].2).await?,
            Step::Acts(at, act) => stage.act(&mut threads[at], act).await?,
        }
    }
    Ok(guide(&stage, &threads))
}

fn story_threads() -> impl Iterator<Item = &'static Thread> {
    THREADS.iter().chain(&MORE_THREADS)
}

/// Everything that happens, the longest ago first.
fn steps() -> Vec<(i64, Step)> {
    let announcements = ANNOUNCEMENTS.iter().enumerate().map(|(at, (ago, ..))| (*ago, Step::Announces(at)));
    let acts = story_threads()
        .enumerate()
        .flat_map(|(at, thread)| thread.acts.iter().map(move |(ago, act)| (*ago, Step::Acts(at, *act))));
    let mut steps: Vec<_> = announcements.chain(acts).collect();
    steps.sort_by_key(|(ago, _)| std::cmp::Reverse(*ago));
    steps
}

fn guide(stage: &Stage<'_>, threads: &[Live]) -> Guide {
    let sign_in = |email: &str| SignIn { email: email.to_owned(), password: stage.password.clone() };
    let links = [&threads[0], &threads[5]];
    Guide {
        organization: stage.slug.to_string(),
        recruiters: story::RECRUITERS.iter().map(|recruiter| sign_in(recruiter.email)).collect(),
        operator: sign_in(story::OWNER.email),
        links: links.map(|live| ChatLink { candidate: live.name.to_owned(), secret: live.secret.clone() }).into(),
    }
}
