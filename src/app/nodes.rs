//! The servers of an installation.

use super::App;
pub use crate::domain::node::Node;
use crate::{
    domain::{access::Operator, ids::NodeId, problem::Problem},
    store::{Change, Tx, heartbeats, nodes},
};

/// All that are known, by name; for the server itself and for operators.
///
/// # Errors
/// The store's.
pub async fn list(app: &App) -> Result<Vec<Node>, Problem> {
    Ok(nodes::list(&mut app.store.read().await?).await?)
}

/// Keeps that a server stops in order, so that nobody misses it.
///
/// # Errors
/// The store's.
pub async fn stopped(app: &App, name: &str, id: NodeId) -> Result<(), Problem> {
    app.store.commit(Stopped { name: name.to_owned(), id }).await
}

/// Forgets a server that will not come back, so that nobody misses it.
///
/// # Errors
/// `not_found`.
pub async fn forget(app: &App, _operator: Operator, name: &str) -> Result<(), Problem> {
    app.store.commit(Forget(name.to_owned())).await
}

struct Stopped {
    name: String,
    id: NodeId,
}

impl Change for Stopped {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        Ok(nodes::stopped(&mut tx.conn, &self.name, self.id, now).await?)
    }
}

struct Forget(String);

impl Change for Forget {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        if !nodes::forget_one(&mut tx.conn, &self.0).await? {
            return Err(Problem::not_found());
        }
        Ok(heartbeats::forget_orphans(&mut tx.conn).await?)
    }
}
