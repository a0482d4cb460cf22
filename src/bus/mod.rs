//! Word of mouth: what has become durable, taken to every node's live side.
//!
//! On SQLite one process serves, and the committer tells this bus itself; what a command beside it has committed comes
//! from the `notices` table. On PostgreSQL every node hears every notification, its own included, in the order of
//! commits. Typing, presence and ended sessions travel the same way. An event is a hint: what was missed is found again in the store.

mod beside;
mod postgres;
mod queue;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::mpsc, task::JoinHandle};

use self::queue::EventQueue;
use crate::{
    domain::{event::Event, ids::NodeId},
    store::{Announcing, Listener, Pools, Store, StoreError},
};

/// How many events may wait to be sent to other nodes.
const MAX_OUTWARD: usize = 16_384;

/// The way to all nodes.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    node: NodeId,
    subscribers: Mutex<Vec<Subscriber>>,
    /// The way out to other nodes; `None` where there are none.
    outward: Option<mpsc::Sender<Event>>,
}

/// One subscriber's queue and what belongs into it.
#[derive(Clone)]
struct Subscriber {
    lane: Lane,
    queue: Arc<EventQueue>,
}

/// Which events a subscriber gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Those that end live connections. They wait for no others.
    Disconnects,
    /// All others.
    Changes,
}

impl Lane {
    const fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Kicked { .. } | Event::OrganizationClosed { .. } => Some(Self::Disconnects),
            // Both lanes may have missed something. A changed team disconnects sockets from rooms and is published to the rest.
            Event::Missed | Event::ProjectChanged { .. } => None,
            _ => Some(Self::Changes),
        }
    }
}

/// Events of one [`Lane`] in the order in which they were published.
#[derive(Debug)]
pub struct Subscription(Arc<EventQueue>);

impl Subscription {
    /// The next event; `None` once the bus is gone.
    pub async fn recv(&mut self) -> Option<Arc<Event>> {
        self.0.pop().await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let subscribers = self.subscribers.get_mut().unwrap_or_else(PoisonError::into_inner);
        subscribers.iter().for_each(|subscriber| subscriber.queue.close());
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
                let (sender, receiver) = mpsc::channel(MAX_OUTWARD);
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

    /// What is published from now on.
    #[must_use]
    pub fn subscribe(&self, lane: Lane) -> Subscription {
        let queue = Arc::<EventQueue>::default();
        let subscriber = Subscriber { lane, queue: Arc::clone(&queue) };
        self.0.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push(subscriber);
        Subscription(queue)
    }

    /// Tells every node, this one included, of what stands in no database: typing and presence. Never waits; where the way
    /// to the other nodes is full, it is lost.
    pub fn publish(&self, events: Vec<Event>) {
        let Some(outward) = &self.0.outward else { return self.deliver(events) };
        for event in events {
            if outward.try_send(event).is_err() {
                tracing::warn!("event lost: the queue to other nodes is full");
            }
        }
    }

    /// Tells this node's subscribers. Never waits.
    fn deliver(&self, events: Vec<Event>) {
        let subscribers = self.subscribers();
        for event in events.into_iter().map(Arc::new) {
            let lane = Lane::of(&event);
            for subscriber in subscribers.iter().filter(|one| lane.is_none_or(|lane| lane == one.lane)) {
                subscriber.queue.push(Arc::clone(&event));
            }
        }
    }

    fn subscribers(&self) -> Vec<Subscriber> {
        let mut all = self.0.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|subscriber| !subscriber.queue.is_closed());
        all.clone()
    }
}

impl Listener for Bus {
    fn receive(&self, events: Vec<Event>) {
        self.deliver(events);
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("node", &self.0.node).field("shared", &self.is_shared()).finish_non_exhaustive()
    }
}
