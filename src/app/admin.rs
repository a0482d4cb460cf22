//! The operators' overview.

use serde::Serialize;

use super::App;
pub use crate::store::admin::OrganizationNumbers;
use crate::{domain::problem::Problem, store};

/// The numbers of the whole installation.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// Each organization, by slug.
    pub organizations: Vec<OrganizationNumbers>,
    /// Users who can sign in.
    pub users: i64,
    /// Sessions that have not run out.
    pub sessions: i64,
    /// Waiting queue entries of all.
    pub waiting: i64,
    /// Claimed queue entries of all.
    pub claimed: i64,
}

/// Counts. The door has made sure that an operator asks.
///
/// # Errors
/// The store's.
pub async fn overview(app: &App) -> Result<Overview, Problem> {
    let now = app.clock.now();
    let mut conn = app.store.read().await?;
    let organizations = store::admin::organizations(&mut conn).await?;
    let idle = now.plus(-app.settings.session_idle);
    let (users, sessions) = store::admin::totals(&mut conn, idle, now.plus(-app.settings.session_absolute)).await?;
    Ok(Overview {
        users,
        sessions,
        waiting: organizations.iter().map(|numbers| numbers.waiting).sum(),
        claimed: organizations.iter().map(|numbers| numbers.claimed).sum(),
        organizations,
    })
}
