//! Putting what was written into the full-text index, some time after it was written.

use crate::{
    app::App,
    domain::problem::Problem,
    store::{Change, Tx, search},
};

/// How many messages are put into the index at once; whoever writes meanwhile waits for no more than these.
const AT_ONCE: i64 = 500;

/// How often that is done in one go, so that nobody waits for the index of a whole archive.
const IN_A_ROW: usize = 40;

struct Index;

/// Puts the messages that wait into the index, the first 20,000 of them at least.
///
/// # Errors
/// The store cannot be read or written.
pub async fn catch_up(app: &App) -> Result<(), Problem> {
    let behind = search::any_unindexed(&mut app.store.read().await?).await?;
    for _ in 0..if behind { IN_A_ROW } else { 0 } {
        if app.store.commit(Index).await? < AT_ONCE.unsigned_abs() {
            break;
        }
    }
    Ok(())
}

impl Change for Index {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        Ok(search::index_messages(&mut tx.conn, AT_ONCE).await?)
    }

    fn is_done_again(&self) -> bool {
        true
    }
}
