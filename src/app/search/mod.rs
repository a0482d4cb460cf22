//! Full-text search over what a member reads.

mod index;

pub use self::index::catch_up;
use crate::{
    app::App,
    domain::{
        access::Actor,
        ids::{ConversationId, ProjectId},
        problem::Problem,
        text::Name,
        time::Timestamp,
        words::{Query, Segment, segments},
    },
    store::search::{self, Found, Place},
};

/// How many hits of each kind are given at most.
const HITS: i64 = 50;

/// One hit.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The conversation that it leads to; an announcement leads to its project.
    pub conversation: Option<ConversationId>,
    /// Its project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: Name,
    /// The candidate, if it leads to a conversation.
    pub candidate: Option<Name>,
    /// The message's, note's or announcement's `seq`; 0 for a candidate.
    pub seq: i64,
    /// Who wrote it.
    pub author: Name,
    /// A part of the text around the first place that matches, in pieces.
    pub segments: Vec<Segment>,
    /// When it was written.
    pub at: Timestamp,
}

/// What was found; at most 50 of each kind.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// Candidates by name, address, telephone number or external id, one hit for each conversation.
    pub candidates: Vec<Hit>,
    /// Messages, newest first.
    pub messages: Vec<Hit>,
    /// Notes, newest first.
    pub notes: Vec<Hit>,
    /// Announcements, newest first.
    pub announcements: Vec<Hit>,
}

/// Finds what has all the words; the last may be only begun where few have it whole. Nothing to look for finds nothing.
///
/// # Errors
/// `forbidden` for candidates.
pub async fn search(app: &App, actor: &Actor, query: &str) -> Result<Results, Problem> {
    let member = actor.member()?;
    let query = Query::parse(query);
    if query.is_empty() {
        return Ok(Results::default());
    }
    if let Err(problem) = catch_up(app).await {
        tracing::warn!(%problem, cause = problem.cause(), "the latest messages are not found: they could not be put into the index");
    }
    let mut conn = app.store.read().await?;
    let mut results = Results::default();
    for (place, hits) in [
        (Place::Candidates, &mut results.candidates),
        (Place::Messages, &mut results.messages),
        (Place::Notes, &mut results.notes),
        (Place::Announcements, &mut results.announcements),
    ] {
        let found = search::find(&mut conn, place, member.organization, member.user(), &query, HITS).await?;
        *hits = found.into_iter().map(|found| hit(found, &query)).collect();
    }
    Ok(results)
}

fn hit(found: Found, query: &Query) -> Hit {
    Hit {
        segments: segments(&found.text, query),
        conversation: found.conversation,
        project: found.project,
        project_name: found.project_name,
        candidate: found.candidate,
        seq: found.seq,
        author: found.author,
        at: found.at,
    }
}
