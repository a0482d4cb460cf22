//! The use cases for a command, beside a server that may be running on the same database.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use tokio::{task::JoinHandle, time::sleep};

use crate::{
    app::{App, limits::Limits},
    clock::Clock,
    config::{Config, url_of},
    domain::problem::Problem,
    startup::{self, lock::Lock},
    store::{Announcing, Pools, Store, copy, notices, time},
    telemetry::Metrics,
};

/// How often a running server is looked after, and how many times.
const LOOK: (Duration, usize) = (Duration::from_millis(25), 120);

/// An open, migrated database with its writer.
pub(super) struct Beside {
    pub(super) app: App,
    pools: Pools,
    writer: JoinHandle<()>,
    /// The SQLite file, where it is one.
    file: Option<PathBuf>,
}

/// Opens the database; what is committed is told to a server that runs on it, with the settings that it goes by.
pub(super) async fn open(config: &Config) -> anyhow::Result<Beside> {
    let pools = startup::open_database(&config.common, None).await?;
    let file = copy::file_of(config.common.database_url().expose())?;
    // Also where no server runs: one may start before the command has ended. Each start clears what it knows anyway.
    let announcing = if file.is_some() { Announcing::Notices } else { Announcing::Notify };
    let clock = Clock::system();
    time::adopt(&pools, &clock).await?;
    let metrics = Arc::<Metrics>::default();
    let (store, writer) = Store::start(pools.clone(), clock.clone(), announcing, Arc::clone(&metrics));
    let public_url = config.common.public_url.clone().unwrap_or_else(|| url_of(config.serving.listen));
    let settings = startup::settings(config, public_url)?;
    let app = App { store, clock, limits: Limits::new(false).into(), settings: settings.into(), metrics };
    Ok(Beside { app, pools, writer, file })
}

impl Beside {
    /// Ends the writer, after a running server has heard of what was committed.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        if let Some(file) = &self.file {
            let (pause, times) = LOOK;
            for _ in 0..times {
                if !Lock::is_taken(file)? || notices::read(&mut self.app.store.read().await?).await?.is_empty() {
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
