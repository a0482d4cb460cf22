//! From a link or a candidate's cookie to who acts.

use chrono::TimeDelta;

use super::Linked;
use crate::{
    app::App,
    domain::{
        access::{Actor, CandidateActor},
        ids::{CandidateSessionId, ConversationId, LinkId, OrganizationId},
        link::Secret,
        problem::Problem,
        time::Timestamp,
    },
    store::{Change, Tx, candidate_sessions, links},
};

/// How exactly a link's end follows the candidate's activity.
const EXPIRY_STEP: TimeDelta = TimeDelta::hours(1);

/// Why a link does not let in.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefusal {
    /// No such link here, or nobody may enter the organization.
    #[error("no such link")]
    Unknown,
    /// It has run out.
    #[error("the link has run out")]
    Expired,
    /// Somebody ended it.
    #[error("the link was revoked")]
    Revoked,
    /// It could not be looked up.
    #[error(transparent)]
    Failed(#[from] Problem),
}

impl From<LinkRefusal> for Problem {
    fn from(refusal: LinkRefusal) -> Self {
        match refusal {
            LinkRefusal::Failed(problem) => problem,
            _ => Self::unauthorized(),
        }
    }
}

/// Whether a link lets in.
pub(super) fn check(linked: &Linked, now: Timestamp) -> Result<(), LinkRefusal> {
    if linked.organization.suspended_at.is_some() {
        Err(LinkRefusal::Unknown)
    } else if linked.link.revoked_at.is_some() {
        Err(LinkRefusal::Revoked)
    } else if linked.link.expires_at <= now {
        Err(LinkRefusal::Expired)
    } else {
        Ok(())
    }
}

/// The candidate that a link's secret stands for in one organization, with its one conversation.
///
/// # Errors
/// See [`LinkRefusal`].
pub async fn candidate(
    app: &App,
    organization: OrganizationId,
    secret: &Secret,
) -> Result<CandidateActor, LinkRefusal> {
    let found = {
        let mut conn = app.store.read().await.map_err(Problem::from)?;
        links::find(&mut conn, secret.hash()).await.map_err(Problem::from)?
    };
    let linked = found.filter(|linked| linked.organization.id == organization).ok_or(LinkRefusal::Unknown)?;
    check(&linked, app.clock.now())?;
    keep_alive(app, std::slice::from_ref(&linked)).await;
    actor_of(&[linked], None).ok_or(LinkRefusal::Unknown)
}

/// As [`candidate`], by the organization's slug.
///
/// # Errors
/// See [`LinkRefusal`].
pub async fn candidate_by_link(app: &App, slug: &str, secret: &Secret) -> Result<Actor, LinkRefusal> {
    let organization = crate::app::organizations::find_by_slug(app, slug).await;
    let organization = organization.map_err(|problem| match problem.code {
        crate::domain::problem::Code::NotFound => LinkRefusal::Unknown,
        _ => LinkRefusal::Failed(problem),
    })?;
    candidate(app, organization.id, secret).await.map(Actor::Candidate)
}

/// Which of the links of a candidate's browser count.
#[derive(Clone, Copy, Debug)]
pub enum Within {
    /// Those of the candidate who last came in to an organization.
    Organization(OrganizationId),
    /// Those of the candidate of a conversation.
    Conversation(ConversationId),
}

impl From<OrganizationId> for Within {
    fn from(id: OrganizationId) -> Self {
        Self::Organization(id)
    }
}

impl From<ConversationId> for Within {
    fn from(id: ConversationId) -> Self {
        Self::Conversation(id)
    }
}

/// The candidate that the cookie of a browser stands for, with all conversations they entered by it in that
/// organization.
///
/// # Errors
/// [`LinkRefusal::Unknown`] where no link of that browser leads there; `Expired` or `Revoked` where one did.
pub async fn candidate_by_session(
    app: &App,
    secret: &Secret,
    within: impl Into<Within>,
) -> Result<CandidateActor, LinkRefusal> {
    let now = app.clock.now();
    let (session, mut all) = {
        let mut conn = app.store.read().await.map_err(Problem::from)?;
        let session = candidate_sessions::find(&mut conn, secret.hash()).await.map_err(Problem::from)?;
        let session = session.filter(|session| session.is_good(now)).ok_or(LinkRefusal::Unknown)?.id;
        (session, links::of_session(&mut conn, session).await.map_err(Problem::from)?)
    };
    let within = within.into();
    let leads_there = |linked: &Linked| match within {
        Within::Organization(id) => linked.organization.id == id,
        Within::Conversation(id) => linked.link.conversation == id,
    };
    let mut there = all.iter().filter(|linked| leads_there(linked));
    let first = there.clone().find(|linked| check(linked, now).is_ok()).or_else(|| there.next());
    let first = first.ok_or(LinkRefusal::Unknown)?;
    check(first, now)?;
    let (candidate, organization) = (first.candidate, first.organization.id);
    all.retain(|linked| linked.candidate == candidate && linked.organization.id == organization);
    all.retain(|linked| check(linked, now).is_ok());
    keep_alive(app, &all).await;
    actor_of(&all, Some(session)).ok_or(LinkRefusal::Unknown)
}

fn actor_of(linked: &[Linked], session: Option<CandidateSessionId>) -> Option<CandidateActor> {
    let first = linked.first()?;
    let mut conversations: Vec<(ConversationId, LinkId)> = Vec::new();
    for one in linked {
        if !conversations.iter().any(|(known, _)| *known == one.link.conversation) {
            conversations.push((one.link.conversation, one.link.id));
        }
    }
    Some(CandidateActor {
        organization: first.organization.id,
        id: first.candidate,
        name: first.candidate_name.clone(),
        conversations,
        session,
    })
}

struct MoveExpiry {
    links: Vec<LinkId>,
    lifetime: TimeDelta,
}

impl Change for MoveExpiry {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let expires_at = tx.now().plus(self.lifetime);
        for link in &self.links {
            links::move_expiry(&mut tx.conn, *link, expires_at).await?;
        }
        Ok(())
    }
}

/// Moves the end of links on, at most once an hour each. That it could not be moved is no error.
async fn keep_alive(app: &App, linked: &[Linked]) {
    let lifetime = app.settings.link_lifetime;
    let late = app.clock.now().plus(lifetime - EXPIRY_STEP);
    let links: Vec<_> = linked.iter().filter(|one| one.link.expires_at < late).map(|one| one.link.id).collect();
    if !links.is_empty()
        && let Err(problem) = app.store.commit(MoveExpiry { links, lifetime }).await
    {
        tracing::warn!(%problem, "a chat link's end was not moved on");
    }
}

/// Whether the links that let a candidate in are still good, all of them, and still open to their browser.
pub async fn still_good(app: &App, candidate: &CandidateActor) -> bool {
    let look = async {
        let mut conn = app.store.read().await?;
        let now = app.clock.now();
        for (_, link) in &candidate.conversations {
            if !links::is_good(&mut conn, candidate.organization, *link, now).await? {
                return Ok(false);
            }
            if let Some(session) = candidate.session
                && !candidate_sessions::grant_is_good(&mut conn, session, *link, now).await?
            {
                return Ok(false);
            }
        }
        Ok::<_, Problem>(true)
    };
    // What cannot be looked at keeps standing: a hiccup of the store is no reason to end everybody.
    look.await.unwrap_or(true)
}
