//! `serve`: runs until it is told to stop.

use std::process;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::check;
use crate::{
    app::setup,
    clock::Clock,
    config::Config,
    startup::{self, descriptors, systemd},
};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    // From here on, so that a signal during the start is kept for afterwards.
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
    for name in check::unknown_variables() {
        tracing::warn!(name, "the environment names a setting that does not exist");
    }
    let descriptors = descriptors::take_all();
    let running = startup::start(&config, Clock::system()).await?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        address = %running.address,
        public_url = %running.app.settings.public_url,
        database = %config.common.database_url(),
        pid = process::id(),
        descriptors = %descriptors,
        "serving"
    );
    if let Some(guide) = &running.guide {
        println!("{}", guide.text(&running.app.settings.public_url));
    } else if config.serving.demo {
        println!("The database holds organizations already, so no example was put into it.");
    }
    match setup::open_address(&running.app).await {
        Ok(None) => {}
        Ok(Some(secret)) => {
            println!("Nobody runs this installation yet. Open this address within a day to become its operator:");
            println!("  {}setup/{}", running.app.settings.public_url, secret.expose());
        }
        // Whoever is in it already reads on, and nobody would be told that nothing can be written.
        Err(problem) => {
            tracing::error!(%problem, cause = problem.cause(), "the address to become an operator by could not be made; start again for it");
        }
    }
    systemd::ready();
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    systemd::stopping();
    tracing::info!("stopping");
    // A second Ctrl-C is somebody who does not want to wait.
    tokio::select! {
        () = running.stop() => tracing::info!("stopped"),
        _ = interrupt.recv() => tracing::warn!("stopped at once"),
    }
    Ok(())
}
