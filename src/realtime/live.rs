//! What is known of one live socket.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use uuid::Uuid;

use super::mailbox::Mailbox;
use crate::{
    domain::{
        access::Actor,
        ids::{ConversationId, Id, OrganizationId, ProjectId, SessionId},
        presence::Fact,
        problem::Problem,
        user::User,
    },
    telemetry::Metrics,
};

/// Who is at the other end.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Somebody within an organization.
    Actor(Actor),
    /// An operator, in `/admin`.
    Operator(User, SessionId),
}

impl Caller {
    /// What it is: `candidate`, `user`, `api`, `operator`, or this server's own `heartbeat`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Actor(actor) if actor.is_heartbeat() => "heartbeat",
            Self::Actor(Actor::Member(member)) => member.kind().as_str(),
            Self::Actor(Actor::Candidate(_)) => "candidate",
            Self::Operator(..) => "operator",
        }
    }

    /// Its id: a candidate's, a user's or an API token's.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self {
            Self::Actor(Actor::Member(member)) => member.id(),
            Self::Actor(Actor::Candidate(candidate)) => candidate.id.uuid(),
            Self::Operator(user, _) => user.id.uuid(),
        }
    }
}

/// One live socket, kept with it for as long as it lives.
#[derive(Debug)]
pub struct Live {
    /// Who it is. Fixed: what changes it (a role, a membership) ends the socket.
    pub caller: Caller,
    /// Whether acks of what people wrote carry it rendered.
    pub html: bool,
    /// Its requests, in the order in which they were sent.
    pub mailbox: Mailbox,
    /// What is counted of it.
    pub metrics: Arc<Metrics>,
    state: Mutex<State>,
    ended: AtomicBool,
}

/// What comes and goes while a socket lives.
#[derive(Debug, Default)]
pub struct State {
    /// The conversations it has open, each with its project.
    pub opened: HashMap<ConversationId, ProjectId>,
    /// The projects whose team's room it is in.
    pub joined: HashSet<ProjectId>,
    /// Its part in who is here.
    pub facts: HashSet<Fact>,
    /// Set when the library has told that it is gone; nothing is entered for it any more.
    pub gone: bool,
}

impl Live {
    /// A socket that has just been let in.
    #[must_use]
    pub fn new(caller: Caller, html: bool, metrics: Arc<Metrics>) -> Arc<Self> {
        metrics.sockets.with_label_values(&[caller.kind()]).inc();
        Arc::new(Self {
            metrics,
            caller,
            html,
            mailbox: Mailbox::default(),
            state: Mutex::default(),
            ended: AtomicBool::new(false),
        })
    }

    /// What is known of a socket; `None` for one that was never let in.
    #[must_use]
    pub fn of(socket: &SocketRef) -> Option<Arc<Self>> {
        socket.extensions.get::<Arc<Self>>()
    }

    /// The actor.
    ///
    /// # Errors
    /// `forbidden` for an operator, who acts in no organization.
    pub fn actor(&self) -> Result<&Actor, Problem> {
        match &self.caller {
            Caller::Actor(actor) => Ok(actor),
            Caller::Operator(..) => Err(Problem::forbidden()),
        }
    }

    /// The organization it is in.
    #[must_use]
    pub const fn organization(&self) -> Option<OrganizationId> {
        match &self.caller {
            Caller::Actor(actor) => Some(actor.organization()),
            Caller::Operator(..) => None,
        }
    }

    /// Who it is, for `session:ready`.
    #[must_use]
    pub fn describe(&self) -> Value {
        match &self.caller {
            Caller::Actor(actor) => json!(actor.author()),
            Caller::Operator(user, _) => json!({ "kind": "user", "id": user.id.uuid(), "name": user.name }),
        }
    }

    /// Marks it as ended; `false` when it was already.
    ///
    /// Whoever enters a room meanwhile has done so before this returns, or does not: those who enter look under the same
    /// lock.
    pub fn end(&self) -> bool {
        let _state = self.state();
        !self.ended.swap(true, Ordering::SeqCst)
    }

    /// Whether nothing is done for it any more.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// What comes and goes. Held only for a moment, never across an await.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.metrics.sockets.with_label_values(&[self.caller.kind()]).dec();
    }
}
