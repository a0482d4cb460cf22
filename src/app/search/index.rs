//! Putting what was written into the full-text index, some time after it was written.

use crate::{
    app::App,
    domain::problem::Problem,
    store::{
        Change, Tx,
        search::{self, Place},
    },
};

/// How many rows are put into the index at once; others wait for these when they write.
const AT_ONCE: i64 = 500;

/// How often that is done in one go, so that no search waits for the index of a whole archive. What another server is about
/// to put into the index is asked for again so often.
const MAX_ROUNDS: usize = 40;

struct Index(Place);

/// Puts what waits into the index, the first 20,000 short texts of each kind at least.
///
/// # Errors
/// The store cannot be read or written.
pub async fn catch_up(app: &App) -> Result<(), Problem> {
    for place in Place::ALL {
        for _ in 0..MAX_ROUNDS {
            if !search::any_unindexed(&mut app.store.read().await?, place).await? {
                break;
            }
            // What was written meanwhile comes with many others the next time.
            if !app.store.commit(Index(place)).await? {
                break;
            }
        }
    }
    Ok(())
}

impl Change for Index {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx) -> Result<bool, Problem> {
        Ok(search::index(&mut tx.conn, self.0, AT_ONCE).await?)
    }

    fn is_done_again(&self) -> bool {
        true
    }
}
