//! Who is here: facts added up over the sockets of all nodes.
//!
//! Every node counts its own sockets and tells the others when a [`Fact`] begins or ends among them. A fact ends only
//! after a while without a socket, so that loading a page anew does not look like leaving. Each node repeats its facts from time
//! to time and forgets what another has not repeated, so that a lost node's candidates do not stay for ever.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::time::sleep;

use super::{hub::Hub, live::Live};
use crate::domain::{
    event::{ActorBrief, Event},
    ids::{ConversationId, NodeId, OrganizationId},
    presence::Fact,
    time::Timestamp,
};

/// How long a person may be without a socket and still counts as here.
const LINGER: Duration = Duration::from_secs(2);
/// How often each node repeats what it knows of its own sockets.
pub const REPEAT: Duration = Duration::from_secs(45);
/// How long another node's word counts.
const FORGET: TimeDelta = TimeDelta::minutes(2);

/// What all nodes know of who is here.
#[derive(Debug, Default)]
pub struct Presence(Mutex<HashMap<Key, Evidence>>);

/// A fact of one organization.
pub type Key = (OrganizationId, Fact);

#[derive(Debug, Default)]
struct Evidence {
    /// How many of this node's sockets make it so.
    sockets: usize,
    /// Whether this node still holds it to be so; a little longer than there are sockets.
    here: bool,
    /// Grows with every socket that comes or goes, so that a waiting end can see that it is out of date.
    turn: u64,
    /// When other nodes last said so.
    elsewhere: HashMap<NodeId, Timestamp>,
}

impl Evidence {
    fn holds(&self) -> bool {
        self.here || !self.elsewhere.is_empty()
    }
}

impl Presence {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Evidence>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is so, on any node.
    pub fn holds(&self, key: &Key) -> bool {
        self.lock().get(key).is_some_and(Evidence::holds)
    }

    /// The users who have a conversation open.
    pub fn viewers(&self, organization: OrganizationId, conversation: ConversationId) -> Vec<ActorBrief> {
        let mut viewers: Vec<_> = self
            .lock()
            .iter()
            .filter(|((of, _), evidence)| *of == organization && evidence.holds())
            .filter_map(|((_, fact), _)| match fact {
                Fact::Viewing { conversation: viewed, viewer } if *viewed == conversation => Some(viewer.clone()),
                _ => None,
            })
            .collect();
        viewers.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        viewers
    }

    /// The conversations that users have open.
    pub fn viewed(&self) -> HashSet<ConversationId> {
        let all = self.lock();
        let viewed = all.iter().filter(|(_, evidence)| evidence.holds()).filter_map(|((_, fact), _)| match fact {
            Fact::Viewing { conversation, .. } => Some(*conversation),
            _ => None,
        });
        viewed.collect()
    }

    /// Whether the candidate of a conversation is here.
    pub fn candidate_is_here(&self, organization: OrganizationId, conversation: ConversationId) -> bool {
        self.lock().iter().any(|((of, fact), evidence)| {
            *of == organization
                && evidence.holds()
                && matches!(fact, Fact::Candidate { conversation: theirs, .. } if *theirs == conversation)
        })
    }

    /// What this node's own sockets make so.
    fn own(&self) -> Vec<Key> {
        self.lock().iter().filter(|(_, evidence)| evidence.here).map(|(key, _)| key.clone()).collect()
    }

    /// Forgets what other nodes have not repeated; gives what is not so any more.
    fn forget(&self, now: Timestamp) -> Vec<Key> {
        let mut ended = Vec::new();
        self.lock().retain(|key, evidence| {
            let held = evidence.holds();
            evidence.elsewhere.retain(|_, heard| now.since(*heard) < FORGET);
            if held && !evidence.holds() {
                ended.push(key.clone());
            }
            evidence.holds() || evidence.sockets > 0
        });
        ended
    }
}

/// A socket of this node makes a fact so.
pub fn begin(hub: &Hub, live: &Live, fact: Fact) {
    let Some(organization) = live.organization() else { return };
    // Held until it is counted, so that a socket which goes at this moment takes back what it has given.
    let mut state = live.state();
    if state.gone || !state.facts.insert(fact.clone()) {
        return;
    }
    let key = (organization, fact);
    let (news, first) = {
        let mut all = hub.presence.lock();
        let evidence = all.entry(key.clone()).or_default();
        let held = evidence.holds();
        evidence.sockets += 1;
        evidence.turn += 1;
        let first = !std::mem::replace(&mut evidence.here, true);
        (!held, first)
    };
    drop(state);
    tell(hub, key, true, first, news);
}

/// A socket of this node does not make a fact so any more; it ends a while after the last one.
pub fn end(hub: &Arc<Hub>, live: &Live, fact: &Fact) {
    let Some(organization) = live.organization() else { return };
    if !live.state().facts.remove(fact) {
        return;
    }
    release(hub, (organization, fact.clone()));
}

/// A socket of this node is gone: everything that it made so.
pub fn gone(hub: &Arc<Hub>, live: &Live) {
    let facts: HashSet<Fact> = {
        let mut state = live.state();
        state.gone = true;
        std::mem::take(&mut state.facts)
    };
    let Some(organization) = live.organization() else { return };
    for fact in facts {
        release(hub, (organization, fact));
    }
}

fn release(hub: &Arc<Hub>, key: Key) {
    let turn = {
        let mut all = hub.presence.lock();
        let Some(evidence) = all.get_mut(&key) else { return };
        evidence.sockets = evidence.sockets.saturating_sub(1);
        evidence.turn += 1;
        if evidence.sockets > 0 {
            return;
        }
        evidence.turn
    };
    let linger = if matches!(key.1, Fact::Holder { .. }) { hub.absence() } else { LINGER };
    // Weak, so that a server which stops need not wait for it.
    let hub = Arc::downgrade(hub);
    tokio::spawn(async move {
        sleep(linger).await;
        let Some(hub) = hub.upgrade() else { return };
        let news = {
            let mut all = hub.presence.lock();
            match all.get_mut(&key) {
                Some(evidence) if evidence.sockets == 0 && evidence.turn == turn => {
                    evidence.here = false;
                    let ended = !evidence.holds();
                    if ended {
                        all.remove(&key);
                    }
                    ended
                }
                _ => return,
            }
        };
        tell(&hub, key, false, true, news);
    });
}

/// Another node has told of its sockets.
pub fn heard(hub: &Hub, organization: OrganizationId, node: NodeId, fact: Fact, here: bool) {
    if node == hub.node {
        return;
    }
    let key = (organization, fact);
    let news = {
        let mut all = hub.presence.lock();
        let evidence = all.entry(key.clone()).or_default();
        let held = evidence.holds();
        if here {
            evidence.elsewhere.insert(node, hub.app.clock.now());
        } else {
            evidence.elsewhere.remove(&node);
        }
        let holds = evidence.holds();
        if !holds && evidence.sockets == 0 {
            all.remove(&key);
        }
        held != holds
    };
    // The node whose last socket went gives the holder's leases back itself.
    if news && !matches!(key.1, Fact::Holder { .. }) {
        hub.notice(key, here);
    }
}

/// Repeats this node's facts for the others and forgets what they have not repeated. Runs for as long as the node does.
pub async fn repeat(hub: Arc<Hub>) {
    loop {
        sleep(REPEAT).await;
        if hub.bus.is_shared() {
            let node = hub.node;
            hub.publish_all(
                hub.presence
                    .own()
                    .into_iter()
                    .map(|(organization, fact)| Event::PresenceChanged { organization, node, fact, here: true })
                    .collect(),
            );
        }
        for key in hub.presence.forget(hub.app.clock.now()) {
            hub.notice(key, false);
        }
    }
}

fn tell(hub: &Hub, key: Key, here: bool, first: bool, news: bool) {
    if first && hub.bus.is_shared() {
        let (organization, fact) = key.clone();
        hub.publish(Event::PresenceChanged { organization, node: hub.node, fact, here });
    }
    if news {
        hub.notice(key, here);
    }
}
