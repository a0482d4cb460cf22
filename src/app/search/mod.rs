//! Full-text search over what a member reads.

mod highlight;
mod index;

pub use self::{highlight::Segment, index::catch_up};
use crate::{
    app::App,
    domain::{
        access::Actor,
        ids::{ConversationId, ProjectId},
        problem::Problem,
        text::Name,
        time::Timestamp,
    },
    store::search::{self, Found, Place},
};

/// How many hits of each kind are given at most.
const HITS: i64 = 50;
/// How many words count.
const WORDS: usize = 8;

/// One hit.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The conversation that it leads to.
    pub conversation: ConversationId,
    /// Its project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: Name,
    /// The candidate.
    pub candidate: Name,
    /// The message's or note's `seq`; 0 for a candidate.
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
    /// Candidates by name or address, one hit for each conversation.
    pub candidates: Vec<Hit>,
    /// Messages, newest first.
    pub messages: Vec<Hit>,
    /// Notes, newest first.
    pub notes: Vec<Hit>,
}

/// Finds what has all the words; the last may be only begun where few have it whole. Nothing to look for finds nothing.
///
/// # Errors
/// `forbidden` for candidates.
pub async fn search(app: &App, actor: &Actor, query: &str) -> Result<Results, Problem> {
    let member = actor.member()?;
    let words = words_of(query);
    if words.is_empty() {
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
    ] {
        let found = search::find(&mut conn, place, member.organization, member.user(), &words, HITS).await?;
        *hits = found.into_iter().map(|found| hit(found, &words)).collect();
    }
    Ok(results)
}

/// The words of a query, folded. A word of which folding leaves nothing, such as a vowel sign alone, is none.
fn words_of(query: &str) -> Vec<String> {
    let words = query.split(|c: char| !c.is_alphanumeric());
    let folded = words.map(|word| word.chars().take(50).flat_map(highlight::fold).collect::<String>());
    folded.filter(|word| !word.is_empty()).take(WORDS).collect()
}

fn hit(found: Found, words: &[String]) -> Hit {
    Hit {
        segments: highlight::segments(&found.text, words),
        conversation: found.conversation,
        project: found.project,
        project_name: found.project_name,
        candidate: found.candidate,
        seq: found.seq,
        author: found.author,
        at: found.at,
    }
}
