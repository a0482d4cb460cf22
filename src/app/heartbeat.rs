//! The hidden place in which a server's heartbeats run, and what came of them.

use chrono::TimeDelta;

use super::{App, queue};
use crate::{
    domain::{
        access::{Actor, CandidateActor, Identity, Member, Whence},
        candidate::{Candidate, Profile},
        event::Event,
        heartbeat::{self, Beat, PRIORITIES},
        ids::{ApiTokenId, CandidateId, ConversationId, NodeId, ProjectId},
        link::{Secret, SecretHash},
        node::Node,
        organization::Organization,
        problem::{Code, Problem},
        project::{Project, ProjectStatus},
        queue::{Priority, ResponseTargets},
        text::Name,
        user::Role,
    },
    store::{self, Change, Tx, candidates, heartbeats, nodes, tokens::TokenRow},
};

/// How long it is known what came of a heartbeat.
const KEPT: TimeDelta = TimeDelta::days(7);

/// The hidden place of one server.
#[derive(Debug)]
pub struct Pulse {
    /// The server's name.
    pub node: String,
    /// Who claims and handles heartbeats.
    pub recruiter: Actor,
    /// The secret by which that actor connects.
    pub secret: Secret,
    /// The project.
    pub project: ProjectId,
    /// One for each priority.
    pub lanes: Vec<Lane>,
}

/// Where heartbeats of one priority run.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The priority.
    pub priority: Priority,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who posts them.
    pub candidate: Actor,
}

/// What nobody reads.
fn name(text: &str) -> Name {
    Name::from_stored(text.to_owned())
}

/// Makes the hidden place of a server, or takes over what an earlier process of that name has left; other servers of an
/// SQLite database are past, and so are those that were not heard of for a week.
///
/// # Errors
/// The store's.
pub async fn open(app: &App, node: &str, id: NodeId) -> Result<Pulse, Problem> {
    let secret = app.clock.new_secret();
    let opened = app.store.commit(Open { node: node.to_owned(), id, secret: secret.hash() }).await?;
    let member = Member {
        organization: heartbeat::organization(),
        identity: Identity::Api(opened.token),
        name: name("Heartbeat"),
        role: Role::Recruiter,
        // Nobody's doing, and so in no log.
        whence: Whence::CommandLine,
    };
    let lane = |(conversation, candidate, priority): heartbeats::Lane| Lane {
        priority,
        conversation,
        candidate: Actor::Candidate(CandidateActor {
            organization: heartbeat::organization(),
            id: candidate,
            name: name("Heartbeat"),
            conversations: vec![(conversation, app.clock.new_id())],
            session: None,
        }),
    };
    Ok(Pulse {
        node: node.to_owned(),
        recruiter: Actor::Member(member),
        secret,
        project: opened.project,
        lanes: opened.lanes.into_iter().map(lane).collect(),
    })
}

/// Takes whatever a broken-off heartbeat has left in the queue of a lane; whether there was anything.
///
/// # Errors
/// The store's.
pub async fn take_over(app: &App, pulse: &Pulse, lane: &Lane) -> Result<bool, Problem> {
    match queue::claim(app, &pulse.recruiter, lane.conversation, true).await {
        Ok(_) => Ok(true),
        Err(problem) if problem.code == Code::NotFound => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// Handles what was taken over, so that the next heartbeat starts anew.
///
/// # Errors
/// The store's.
pub async fn put_away(app: &App, pulse: &Pulse, lane: &Lane) -> Result<(), Problem> {
    let resolve = queue::Resolve { conversation: lane.conversation, lease: None, seen_seq: None };
    queue::resolve(app, &pulse.recruiter, resolve).await
}

/// Keeps what came of a heartbeat, and takes away what it has left on its way.
///
/// # Errors
/// The store's.
pub async fn keep(app: &App, beat: Beat, lane: ConversationId, id: NodeId) -> Result<(), Problem> {
    app.store.commit(Keep { beat, lane, id }).await
}

/// Forgets what came of heartbeats of more than seven days ago; gives how many there were.
///
/// # Errors
/// The store's.
pub async fn forget_old(app: &App) -> Result<u64, Problem> {
    app.store.commit(Forget).await
}

/// The latest heartbeats of all servers, the last first.
///
/// # Errors
/// The store's.
pub async fn latest(app: &App, at_most: i64) -> Result<Vec<Beat>, Problem> {
    Ok(heartbeats::latest(&mut app.store.read().await?, at_most).await?)
}

struct Open {
    node: String,
    id: NodeId,
    secret: SecretHash,
}

struct Opened {
    project: ProjectId,
    token: ApiTokenId,
    lanes: Vec<heartbeats::Lane>,
}

impl Change for Open {
    type Output = Opened;

    async fn apply(&self, tx: &mut Tx) -> Result<Opened, Problem> {
        found_organization(tx).await?;
        let known = nodes::find(&mut tx.conn, &self.node).await?;
        let (project, lanes) = self.place(tx, known.as_ref().map(|node| node.project)).await?;
        let token = self.token(tx, known.as_ref().map(|node| node.token)).await?;
        let now = tx.now();
        let node = Node {
            name: self.node.clone(),
            id: self.id,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            project,
            token,
            started_at: now,
            seen_at: now,
            stopped_at: None,
        };
        nodes::save(&mut tx.conn, &node).await?;
        let past = if tx.is_only_writer() { now.plus(TimeDelta::days(1)) } else { now.plus(-KEPT) };
        nodes::forget(&mut tx.conn, &self.node, past).await?;
        heartbeats::forget_orphans(&mut tx.conn).await?;
        Ok(Opened { project, token, lanes })
    }
}

async fn found_organization(tx: &mut Tx) -> Result<(), Problem> {
    let id = heartbeat::organization();
    if store::organizations::find(&mut tx.conn, id).await?.is_none() {
        let organization = Organization {
            id,
            slug: heartbeat::slug(),
            name: name("Heartbeat"),
            targets: ResponseTargets::default(),
            suspended_at: None,
            created_at: tx.now(),
        };
        store::organizations::insert(&mut tx.conn, &organization).await?;
    }
    // Each time: a server that missed it before has no namespace for it.
    tx.announce(Event::OrganizationChanged { organization: id });
    Ok(())
}

impl Open {
    /// The project that is there, or a new one, with a lane for each priority.
    async fn place(
        &self,
        tx: &mut Tx,
        known: Option<ProjectId>,
    ) -> Result<(ProjectId, Vec<heartbeats::Lane>), Problem> {
        if let Some(project) = known {
            let lanes = heartbeats::lanes(&mut tx.conn, project).await?;
            if lanes.len() == PRIORITIES.len() {
                return Ok((project, lanes));
            }
        }
        let (organization, now, id) = (heartbeat::organization(), tx.now(), tx.new_id());
        let project = Project {
            id,
            organization,
            name: name(&self.node),
            status: ProjectStatus::Open,
            restricted: false,
            last_announcement_seq: 0,
            created_at: now,
        };
        store::projects::insert(&mut tx.conn, &project).await?;
        tx.announce(Event::ProjectChanged { organization, project: id });
        let mut lanes = Vec::new();
        for priority in PRIORITIES {
            lanes.push(new_lane(tx, id, priority).await?);
        }
        Ok((id, lanes))
    }

    /// The token that is there, with the new secret, or a new one.
    async fn token(&self, tx: &mut Tx, known: Option<ApiTokenId>) -> Result<ApiTokenId, Problem> {
        if let Some(token) = known
            && heartbeats::renew_token(&mut tx.conn, token, self.secret).await?
        {
            return Ok(token);
        }
        let (id, created_at) = (tx.new_id(), tx.now());
        let token = TokenRow {
            id,
            name: name("Heartbeat"),
            role: Role::Recruiter,
            last_used_at: None,
            revoked_at: None,
            created_at,
        };
        store::tokens::insert(&mut tx.conn, heartbeat::organization(), &token, self.secret).await?;
        Ok(id)
    }
}

async fn new_lane(tx: &mut Tx, project: ProjectId, priority: Priority) -> Result<heartbeats::Lane, Problem> {
    let (organization, created_at) = (heartbeat::organization(), tx.now());
    let (id, conversation): (CandidateId, ConversationId) = (tx.new_id(), tx.new_id());
    let profile =
        Profile { name: name("Heartbeat"), email: None, phone: None, locale: None, time_zone: None, external_id: None };
    candidates::insert(&mut tx.conn, &Candidate { id, organization, profile, created_at }).await?;
    candidates::insert_conversation(&mut tx.conn, organization, conversation, project, id, created_at).await?;
    heartbeats::set_priority(&mut tx.conn, conversation, priority).await?;
    Ok((conversation, id, priority))
}

struct Keep {
    beat: Beat,
    lane: ConversationId,
    id: NodeId,
}

impl Change for Keep {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        heartbeats::insert(&mut tx.conn, &self.beat).await?;
        nodes::seen(&mut tx.conn, &self.beat.node, self.id, now).await?;
        Ok(heartbeats::tidy(&mut tx.conn, self.lane).await?)
    }

    /// The next one comes soon.
    fn is_done_again(&self) -> bool {
        true
    }
}

struct Forget;

impl Change for Forget {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        let before = tx.now().plus(-KEPT);
        Ok(heartbeats::forget(&mut tx.conn, before).await?)
    }
}
