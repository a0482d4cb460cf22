//! The use cases for a command, beside a server that may be running on the same database.

use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::{task::JoinHandle, time::sleep};

use crate::{
    app::{App, Settings, limits::Limits},
    clock::Clock,
    config::{Common, url_of},
    domain::problem::Problem,
    startup::lock::Lock,
    store::{Announcing, Pools, Store, copy, notices},
};

/// Where people reach a server whose settings are not known.
const USUAL_ADDRESS: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// How often a running server is looked after, and how many times.
const LOOK: (Duration, usize) = (Duration::from_millis(25), 120);

/// An open, migrated database with its writer.
pub(super) struct Beside {
    pub(super) app: App,
    pools: Pools,
    writer: JoinHandle<()>,
    beside_sqlite: bool,
}

/// Opens the database; what is committed is told to a server that runs on it.
pub(super) async fn open(common: &Common) -> anyhow::Result<Beside> {
    let url = common.database_url();
    let pools = Pools::open(url.expose()).await.with_context(|| format!("the database {url} cannot be opened"))?;
    pools.migrate().await?;
    let beside_sqlite = match copy::file_of(url.expose())? {
        Some(file) => Lock::is_taken(&file)?,
        None => false,
    };
    let announcing = match (url.is_sqlite(), beside_sqlite) {
        (false, _) => Announcing::Notify,
        (true, true) => Announcing::Notices,
        (true, false) => Announcing::Nobody,
    };
    let clock = Clock::system();
    let (store, writer) = Store::start(pools.clone(), clock.clone(), announcing);
    let public_url = common.public_url.clone().unwrap_or_else(|| url_of(USUAL_ADDRESS.into()));
    let settings = Settings { public_url, ..Settings::default() };
    let app = App { store, clock, limits: Limits::new(false).into(), settings: settings.into() };
    Ok(Beside { app, pools, writer, beside_sqlite })
}

impl Beside {
    /// Ends the writer, after a running server has heard of what was committed.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        if self.beside_sqlite {
            let (pause, times) = LOOK;
            for _ in 0..times {
                if notices::read(&mut self.app.store.read().await?).await?.is_empty() {
                    break;
                }
                sleep(pause).await;
            }
        }
        drop(self.app);
        self.writer.await.context("the writer broke")?;
        self.pools.close().await;
        Ok(())
    }
}

/// A refusal in words for a terminal, with the argument that is wrong and the fault behind it.
pub(super) fn refusal(problem: Problem) -> anyhow::Error {
    let argument = problem.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
    let words = format!("{argument}{}", problem.message);
    match problem.source {
        Some(source) => anyhow!(source).context(words),
        None => anyhow!(words),
    }
}
