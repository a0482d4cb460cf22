//! The servers of an installation.

use chrono::TimeDelta;

use super::App;
pub use crate::domain::node::Node;
use crate::{
    domain::{
        access::Operator,
        audit::{Act, Action},
        ids::NodeId,
        problem::{Code, Problem},
        text::Name,
    },
    store::{Change, Tx, audit, heartbeats, nodes},
};

/// How long after it was heard of a server counts as alive.
const FRESH: TimeDelta = TimeDelta::minutes(1);

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

/// Forgets a server that will not come back, so that nobody misses it; one that is not known is forgotten already.
///
/// # Errors
/// `conflict` for one that lives.
pub async fn forget(app: &App, by: Operator, name: &str) -> Result<(), Problem> {
    app.store.commit(Forget { by, name: name.to_owned() }).await
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

struct Forget {
    by: Operator,
    name: String,
}

impl Change for Forget {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let found = nodes::find(&mut tx.conn, &self.name).await?;
        let lives = |node: &Node| node.stopped_at.is_none() && tx.now().since(node.seen_at) < FRESH;
        if found.as_ref().is_some_and(lives) {
            return Err(Problem::new(
                Code::Conflict,
                "This server was heard of within the last minute; stop it first.",
            ));
        }
        if !nodes::forget_one(&mut tx.conn, &self.name).await? {
            return Ok(());
        }
        let name = Name::from_stored(self.name.clone());
        audit::record(tx, Act::new(self.by, Action::ServerForgotten).fact("server", &name)).await?;
        Ok(heartbeats::forget_orphans(&mut tx.conn).await?)
    }
}
