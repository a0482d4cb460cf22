//! What commands beside a server on SQLite have committed: they leave it in `notices`.

use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use super::Bus;
use crate::{
    domain::{event::Event, problem::Problem},
    store::{Change, Store, StoreError, Tx, notices},
};

/// How often the server looks.
const EVERY: Duration = Duration::from_millis(150);

/// Takes away what was told.
struct Told(Vec<Uuid>);

impl Change for Told {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        for id in &self.0 {
            notices::remove(&mut tx.conn, *id).await?;
        }
        Ok(())
    }
}

/// Takes everything away.
struct Past;

impl Change for Past {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(notices::clear(&mut tx.conn).await?)
    }
}

pub(super) async fn forget(store: &Store) -> Result<(), Problem> {
    store.commit(Past).await
}

pub(super) async fn watch(store: Store, bus: Bus) {
    loop {
        sleep(EVERY).await;
        match read(&store).await {
            Ok(notices) if notices.is_empty() => {}
            Ok(notices) => {
                let (ids, texts): (Vec<Uuid>, Vec<String>) = notices.into_iter().unzip();
                bus.deliver(texts.iter().filter_map(|text| parse(text)).collect());
                if let Err(problem) = store.commit(Told(ids)).await {
                    tracing::error!(%problem, "what a command left could not be taken away; it is told again");
                }
            }
            Err(error) => tracing::error!(%error, "what commands left cannot be read"),
        }
    }
}

async fn read(store: &Store) -> Result<Vec<(Uuid, String)>, StoreError> {
    notices::read(&mut store.read().await?).await
}

fn parse(text: &str) -> Option<Event> {
    serde_json::from_str(text)
        .inspect_err(|error| tracing::error!(%error, "a command left what this server does not understand"))
        .ok()
}
