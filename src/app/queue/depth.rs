//! How much waits in the whole installation.

pub use crate::store::queue::depth::Depth;
use crate::{app::App, domain::problem::Problem, store::queue::depth};

/// Counts what waits, in all organizations together; for whoever watches the process.
///
/// # Errors
/// The store cannot be read.
pub async fn everywhere(app: &App) -> Result<Depth, Problem> {
    Ok(depth::everywhere(&mut app.store.read().await?).await?)
}
