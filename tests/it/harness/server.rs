//! The real server in this process, on a free port and a folder of its own.

use std::path::Path;

use hearback::{
    app::App,
    clock::Clock,
    config::Config,
    startup::{self, Running},
};
use tempfile::TempDir;

use super::{postgres::Postgres, template};

/// A running server; its folder goes with it.
pub struct Server {
    running: Option<Running>,
    flags: Vec<String>,
    pub clock: Clock,
    folder: TempDir,
}

impl Server {
    /// On SQLite, without rate limits.
    pub async fn start() -> Self {
        Self::start_with(&["--rate-limits", "off"]).await
    }

    /// On SQLite, with these flags beside the usual ones.
    pub async fn start_with(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if !flags.contains(&"--database-url") {
            template::copy_sqlite(&folder.path().join("hearback.db"));
        }
        Self::start_in_with(folder, flags).await
    }

    /// On what stands in a folder, without rate limits.
    pub async fn start_in(folder: TempDir) -> Self {
        Self::start_in_with(folder, &["--rate-limits", "off"]).await
    }

    async fn start_in_with(folder: TempDir, flags: &[&str]) -> Self {
        let data = folder.path().display().to_string();
        let usual = ["--listen", "127.0.0.1:0", "--data-dir", &data];
        let flags: Vec<String> =
            usual.iter().chain(flags).chain(&unwatched(flags)).map(|flag| (*flag).to_owned()).collect();
        let clock = Clock::system();
        let running = Some(run(&flags, &clock).await);
        Self { running, flags, clock, folder }
    }

    /// One of several on a PostgreSQL.
    pub async fn start_on(postgres: &Postgres) -> Self {
        Self::start_with(&["--rate-limits", "off", "--database-url", &postgres.url()]).await
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn app(&self) -> &App {
        &self.running().app
    }

    /// The namespaces, sockets and rooms that it holds.
    pub fn live(&self) -> serde_json::Value {
        self.running().live()
    }

    /// Where people reach it, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.running().address)
    }

    /// Where its data is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it; gives its folder.
    pub async fn stop(mut self) -> TempDir {
        self.running.take().unwrap().stop().await;
        self.folder
    }

    /// Stops it and starts it again on the same folder, at another port.
    pub async fn restart(&mut self) {
        self.running.take().unwrap().stop().await;
        self.running = Some(run(&self.flags, &self.clock).await);
    }
}

/// Where a test is not about that, nobody watches: heartbeats and checks would write in between.
pub fn unwatched(flags: &[&str]) -> Vec<&'static str> {
    let hourly = [["--heartbeat-seconds", "3600"], ["--check-seconds", "3600"]];
    hourly.into_iter().filter(|[name, _]| !flags.contains(name)).flatten().collect()
}

async fn run(flags: &[String], clock: &Clock) -> Running {
    let config = Config::from_flags(flags.iter().map(String::as_str)).unwrap();
    startup::start(&config, clock.clone()).await.unwrap()
}
