//! The use cases of several servers on one PostgreSQL, without their doors, by one clock that is set by hand.

use std::sync::Arc;

use chrono::TimeDelta;
use hearback::{
    app::{App, Settings, limits::Limits},
    clock::Clock,
    domain::time::Timestamp,
    store::{Announcing, Pools, Store},
    telemetry::Metrics,
};

use crate::harness::{hall::MORNING, postgres::Postgres};

/// Servers that share a database.
pub struct Cluster {
    pub apps: Vec<App>,
    pub clock: Clock,
    postgres: Postgres,
}

impl Cluster {
    pub async fn start(servers: usize) -> Self {
        let postgres = Postgres::start();
        let clock = Clock::manual(Timestamp::from_unix_millis(MORNING));
        let mut apps = Vec::new();
        for _ in 0..servers {
            let pools = Pools::open(&postgres.url()).await.unwrap();
            pools.migrate().await.unwrap();
            let metrics = Arc::<Metrics>::default();
            let (store, _) = Store::start(pools, clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
            let limits = Arc::new(Limits::new(false));
            apps.push(App { store, clock: clock.clone(), limits, settings: Arc::new(Settings::default()), metrics });
        }
        Self { apps, clock, postgres }
    }

    /// Lets time pass.
    pub fn pass(&self, time: TimeDelta) {
        self.clock.set(self.clock.now().plus(time));
    }

    /// How many deadlocks PostgreSQL has ended in this database.
    pub async fn deadlocks(&self) -> i64 {
        let pool = sqlx::PgPool::connect(&self.postgres.url()).await.unwrap();
        // A backend reports what it has counted when it ends, or after a while.
        sqlx::query("SELECT pg_stat_force_next_flush()").execute(&pool).await.unwrap();
        let counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        let (count,): (i64,) = sqlx::query_as(counted).fetch_one(&pool).await.unwrap();
        count
    }
}
