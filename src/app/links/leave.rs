//! Leaving a chat on one device.

use super::candidate::LinkRefusal;
use crate::{
    app::App,
    domain::{
        access::Whence,
        audit::{Act, Action, By},
        event::{Event, Kicked},
        ids::{CandidateSessionId, ConversationId},
        link::{Secret, SecretHash},
        problem::{Code, Problem},
        session::EndReason,
    },
    store::{Change, Tx, audit, candidate_sessions, links},
};

/// What is left of a browser's session when a candidate has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Another candidate came in by the same cookie.
    Others,
    /// Nothing: the cookie is worthless.
    Nothing,
}

struct Leave {
    session: SecretHash,
    conversation: ConversationId,
    whence: Whence,
}

/// Takes from a browser all links of the candidate of a conversation, and ends their sockets in that browser. The links
/// themselves stay good, and the candidate's other devices stay in.
///
/// # Errors
/// [`LinkRefusal::Unknown`] where that browser is not in the conversation.
pub async fn leave(
    app: &App,
    secret: &Secret,
    conversation: ConversationId,
    whence: Whence,
) -> Result<Left, LinkRefusal> {
    let found = {
        let mut conn = app.store.read().await.map_err(Problem::from)?;
        candidate_sessions::find(&mut conn, secret.hash()).await.map_err(Problem::from)?
    };
    found.ok_or(LinkRefusal::Unknown)?;
    let left = app.store.commit(Leave { session: secret.hash(), conversation, whence }).await;
    left.map_err(|problem| match problem.code {
        Code::NotFound => LinkRefusal::Unknown,
        _ => LinkRefusal::Failed(problem),
    })
}

impl Change for Leave {
    type Output = Left;

    async fn apply(&self, tx: &mut Tx) -> Result<Left, Problem> {
        let found = candidate_sessions::find(&mut tx.conn, self.session).await?;
        let session = found.ok_or_else(Problem::not_found)?.id;
        let all = links::of_session(&mut tx.conn, session).await?;
        let here = all.iter().find(|linked| linked.link.conversation == self.conversation);
        let here = here.ok_or_else(Problem::not_found)?;
        let (candidate, organization) = (here.candidate, here.organization.id);
        let act = Act::new(By::candidate(candidate, self.whence), Action::LinkLeft);
        audit::record(tx, act.within(organization).on(self.conversation).fact("link", here.link.id)).await?;
        for linked in all.iter().filter(|linked| linked.candidate == candidate) {
            candidate_sessions::delete_grant(&mut tx.conn, session, linked.link.id).await?;
        }
        let who = Kicked::CandidateSession(session, candidate);
        tx.announce(Event::Kicked { who, reason: EndReason::SignedOut });
        if all.iter().any(|linked| linked.candidate != candidate) {
            return Ok(Left::Others);
        }
        candidate_sessions::delete(&mut tx.conn, session).await?;
        Ok(Left::Nothing)
    }
}

/// Ends a browser's session within a change, with the sockets of every candidate who came in by it.
pub(super) async fn end_session(tx: &mut Tx, session: CandidateSessionId) -> Result<(), Problem> {
    for linked in links::of_session(&mut tx.conn, session).await? {
        let who = Kicked::CandidateSession(session, linked.candidate);
        tx.announce(Event::Kicked { who, reason: EndReason::SignedOut });
    }
    candidate_sessions::delete(&mut tx.conn, session).await?;
    Ok(())
}
