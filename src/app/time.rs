//! Following the clock of the installation.

use chrono::TimeDelta;

use crate::{app::App, domain::problem::Problem, store::time};

/// Moves this server's clock a little towards the database's, or towards the system's where the database has none; to be
/// called every ten seconds. Gives how far ahead the other clock still is.
///
/// # Errors
/// The database cannot be asked.
pub async fn follow(app: &App) -> Result<TimeDelta, Problem> {
    let ahead = time::ahead_of(&mut app.store.read().await?, &app.clock).await?;
    Ok(app.clock.follow(ahead.unwrap_or_else(|| app.clock.behind_system())))
}
