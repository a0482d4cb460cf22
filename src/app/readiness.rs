//! Whether writing works.

use super::App;
use crate::{domain::problem::Problem, store::readiness::Probe};

/// Writes a row of its own and waits until it is durable.
///
/// # Errors
/// `busy`, `read_only` or `internal` when nothing can be written.
pub async fn check(app: &App) -> Result<(), Problem> {
    app.store.commit(Probe).await
}
