//! Who has waited for longer than they should, in the whole installation.

use crate::{
    app::App,
    domain::{
        ids::{ConversationId, OrganizationId},
        problem::Problem,
        time::Timestamp,
    },
    store::queue::overdue,
};

/// The most that are looked at.
const AT_MOST: i64 = 20_000;

/// Conversations that wait, held by nobody, although an answer was due, with when it was; for whoever watches the process.
///
/// # Errors
/// The store cannot be read.
pub async fn everywhere(app: &App) -> Result<Vec<(OrganizationId, ConversationId, Timestamp)>, Problem> {
    let now = app.clock.now();
    Ok(overdue::everywhere(&mut app.store.read().await?, now, AT_MOST).await?)
}
