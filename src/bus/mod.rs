//! Word of mouth: what has become durable, taken to every node's live side.
//!
//! On SQLite one process serves, and the committer tells this bus itself; what a command beside it has committed comes
//! from the `notices` table. On PostgreSQL every node hears every notification, its own included, in the order of
//! commits. Typing, presence and ended sessions travel the same way. An event is a hint: what was missed is found again in the store.

mod beside;
mod postgres;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::BoxFuture;
use tokio::{
    sync::mpsc::{self, error::TrySendError},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    domain::{event::Event, ids::NodeId},
    store::{Announcing, Listener, Pools, Store, StoreError},
};

/// How many events may wait for one subscriber.
const WAITING: usize = 16_384;

/// How long the committer waits for a subscriber that has fallen behind.
const PATIENCE: Duration = Duration::from_secs(2);

/// The way to all nodes.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    node: NodeId,
    subscribers: Mutex<Vec<mpsc::Sender<Arc<Event>>>>,
    /// The way out to other nodes; `None` where there are none.
    outward: Option<mpsc::Sender<Event>>,
}

/// Events in the order in which they were published.
#[derive(Debug)]
pub struct Subscription(mpsc::Receiver<Arc<Event>>);

impl Subscription {
    /// The next event; `None` once the bus is gone.
    pub async fn recv(&mut self) -> Option<Arc<Event>> {
        self.0.recv().await
    }
}

impl Bus {
    /// The bus of a node on that database. The tasks run until they are aborted.
    ///
    /// # Errors
    /// PostgreSQL cannot be listened to.
    pub async fn open(pools: &Pools, node: NodeId) -> Result<(Self, Vec<JoinHandle<()>>), StoreError> {
        match pools {
            Pools::Sqlite { .. } => Ok((Self::new(node, None), Vec::new())),
            Pools::Postgres(pool) => {
                let (sender, receiver) = mpsc::channel(WAITING);
                let bus = Self::new(node, Some(sender));
                let listening = postgres::listen(pool, bus.clone()).await?;
                let speaking = tokio::spawn(postgres::speak(pool.clone(), receiver));
                Ok((bus, vec![listening, speaking]))
            }
        }
    }

    fn new(node: NodeId, outward: Option<mpsc::Sender<Event>>) -> Self {
        Self(Arc::new(Inner { node, subscribers: Mutex::default(), outward }))
    }

    /// How the store of this node announces what it commits.
    #[must_use]
    pub fn announcing(&self) -> Announcing {
        if self.is_shared() { Announcing::Notify } else { Announcing::Here(Arc::new(self.clone())) }
    }

    /// Tells what commands beside this server commit, within a fifth of a second; what stood there before is past. Only
    /// on SQLite: elsewhere commands reach the bus themselves.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn watch_commands(
        &self,
        store: &Store,
    ) -> Result<Option<JoinHandle<()>>, crate::domain::problem::Problem> {
        if self.is_shared() {
            return Ok(None);
        }
        beside::forget(store).await?;
        Ok(Some(tokio::spawn(beside::watch(store.clone(), self.clone()))))
    }

    /// This node.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.0.node
    }

    /// Whether there may be other nodes.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.outward.is_some()
    }

    /// Everything published from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        let (sender, receiver) = mpsc::channel(WAITING);
        self.0.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        Subscription(receiver)
    }

    /// Tells every node, this one included, of what stands in no database: typing, presence, ended sessions. Never waits;
    /// where a receiver is hopelessly behind, it is lost to that one.
    pub fn publish(&self, events: Vec<Event>) {
        for event in events {
            let lost = match &self.0.outward {
                Some(outward) => outward.try_send(event).is_err(),
                None => self.try_deliver(&Arc::new(event)),
            };
            if lost {
                tracing::warn!("an event was lost: its receiver has fallen behind");
            }
        }
    }

    fn try_deliver(&self, event: &Arc<Event>) -> bool {
        let subscribers = self.subscribers();
        subscribers.iter().filter(|subscriber| subscriber.try_send(Arc::clone(event)).is_err()).count() > 0
    }

    /// Tells this node's subscribers, waiting for those that are behind.
    async fn deliver(&self, events: Vec<Event>) {
        let subscribers = self.subscribers();
        for event in events.into_iter().map(Arc::new) {
            for subscriber in &subscribers {
                let Err(TrySendError::Full(event)) = subscriber.try_send(Arc::clone(&event)) else { continue };
                // A subscriber that waits for the committer, which waits here, would wait for ever.
                if timeout(PATIENCE, subscriber.send(event)).await.is_err() {
                    tracing::error!("an event was lost: its receiver has fallen behind");
                }
            }
        }
    }

    fn subscribers(&self) -> Vec<mpsc::Sender<Arc<Event>>> {
        let mut all = self.0.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|subscriber| !subscriber.is_closed());
        all.clone()
    }
}

impl Listener for Bus {
    fn hear(&self, events: Vec<Event>) -> BoxFuture<'_, ()> {
        Box::pin(self.deliver(events))
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("node", &self.0.node).field("shared", &self.is_shared()).finish_non_exhaustive()
    }
}
