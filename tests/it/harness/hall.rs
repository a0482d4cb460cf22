//! The use cases alone, without doors, on either engine and by a clock that is set by hand.

use std::sync::Arc;

use chrono::TimeDelta;
use hearback::{
    app::{App, Settings, limits::Limits},
    clock::Clock,
    domain::time::Timestamp,
    store::{Announcing, Pools, Store},
    telemetry::Metrics,
};
use tempfile::TempDir;

use super::{postgres::Postgres, template};

/// 2026-03-02T08:00:00Z, a Monday.
pub const MORNING: i64 = 1_772_438_400_000;

/// The use cases and what they stand on.
pub struct Hall {
    pub app: App,
    pub clock: Clock,
    pub pools: Pools,
    _folder: TempDir,
    _postgres: Option<Postgres>,
}

impl Hall {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hall.db");
        template::copy_sqlite(&file);
        let url = format!("sqlite://{}", file.display());
        Self::open(&url, folder, None).await
    }

    pub async fn postgres() -> Self {
        let postgres = Postgres::start();
        Self::open(&postgres.url(), tempfile::tempdir().unwrap(), Some(postgres)).await
    }

    async fn open(url: &str, folder: TempDir, postgres: Option<Postgres>) -> Self {
        let pools = Pools::open(url).await.unwrap();
        pools.migrate().await.unwrap();
        let clock = Clock::manual(Timestamp::from_unix_millis(MORNING));
        let metrics = Arc::<Metrics>::default();
        let (store, _) = Store::start(pools.clone(), clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
        let limits = Arc::new(Limits::new(false));
        let app = App { store, clock: clock.clone(), limits, settings: Arc::new(Settings::default()), metrics };
        Self { app, clock, pools, _folder: folder, _postgres: postgres }
    }

    /// Lets time pass.
    pub fn pass(&self, time: TimeDelta) {
        self.clock.set(self.clock.now().plus(time));
    }
}
