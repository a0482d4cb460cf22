//! Copies of the database that commands have made.

use super::App;
use crate::{
    domain::{problem::Problem, time::Timestamp},
    store::{Change, Tx, backups},
};

/// What is known of copies.
#[derive(Clone, Copy, Debug)]
pub struct Backups {
    /// When the last one was made, and of how many bytes.
    pub latest: Option<(Timestamp, i64)>,
    /// Since when the installation is watched.
    pub since: Option<Timestamp>,
}

/// Keeps that a copy was made.
///
/// # Errors
/// The store's.
pub async fn made(app: &App, bytes: i64) -> Result<(), Problem> {
    app.store.commit(Made(bytes)).await
}

/// What is known of copies.
///
/// # Errors
/// The store's.
pub async fn look(app: &App) -> Result<Backups, Problem> {
    let mut conn = app.store.read().await?;
    let latest = backups::latest(&mut conn).await?;
    Ok(Backups { latest, since: backups::beginning(&mut conn).await? })
}

struct Made(i64);

impl Change for Made {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let (id, now) = (tx.new_id(), tx.now());
        Ok(backups::insert(&mut tx.conn, id, now, self.0).await?)
    }
}
