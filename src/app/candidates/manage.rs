//! A candidate's data: changed, or erased.

use crate::{
    app::{App, access, queue},
    domain::{
        access::{Actor, Member},
        audit::{Act, Action},
        candidate::{Candidate, Profile},
        event::{Event, Kicked},
        ids::CandidateId,
        problem::{Code, Problem},
        session::EndReason,
        user::Role,
    },
    store::{self, Change, Tx, audit, candidates},
};

async fn find(tx: &mut Tx, actor: &Actor, id: CandidateId, role: Role) -> Result<(Member, Candidate), Problem> {
    let Actor::Member(member) = actor else { return Err(Problem::not_found()) };
    let found = candidates::find(&mut tx.conn, member.organization, member.user(), id).await?;
    let candidate = found.ok_or_else(Problem::not_found)?;
    member.require(role)?;
    Ok((member.clone(), candidate))
}

struct Update {
    actor: Actor,
    id: CandidateId,
    profile: Profile,
    untouched: Vec<&'static str>,
}

/// Writes what is known of a candidate anew. For recruiters.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`.
pub async fn update(app: &App, actor: &Actor, id: CandidateId, profile: Profile) -> Result<Candidate, Problem> {
    change(app, actor, id, profile, Vec::new()).await
}

/// As [`update`], where the person left the fields of the names in `untouched` as they were shown: they stay as they are
/// at that moment, so that two people who change different fields at once both have their way.
///
/// # Errors
/// As [`update`].
pub async fn change(
    app: &App,
    actor: &Actor,
    id: CandidateId,
    profile: Profile,
    untouched: Vec<&'static str>,
) -> Result<Candidate, Problem> {
    app.limits.changes(actor)?;
    app.store.erase(Update { actor: actor.clone(), id, profile, untouched }).await
}

impl Change for Update {
    type Output = Candidate;

    async fn apply(&self, tx: &mut Tx) -> Result<Candidate, Problem> {
        let (member, mut candidate) = find(tx, &self.actor, self.id, Role::Recruiter).await?;
        let organization = member.organization;
        let profile = self.profile.clone().keeping(&self.untouched, &candidate.profile);
        candidates::update(&mut tx.conn, organization, self.id, &profile).await?;
        let before = std::mem::replace(&mut candidate.profile, profile);
        let changed = before.differs_in(&candidate.profile);
        for (conversation, project) in candidates::all_conversations(&mut tx.conn, organization, self.id).await? {
            tx.announce(Event::ConversationUpdated { organization, project, conversation });
        }
        if !changed.is_empty() {
            let act = Act::new(&member, Action::CandidateChanged).within(organization).on(self.id);
            audit::record(tx, act.fact("fields", changed)).await?;
        }
        Ok(candidate)
    }
}

struct Erase {
    actor: Actor,
    id: CandidateId,
}

/// Erases a candidate with every conversation, message, note and link, at once and for good. For recruiters who read
/// every conversation with them.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`; `conflict` where the candidate also is in a project that the actor does not read.
pub async fn erase(app: &App, actor: &Actor, id: CandidateId) -> Result<(), Problem> {
    app.limits.changes(actor)?;
    app.store.erase(Erase { actor: actor.clone(), id }).await
}

impl Change for Erase {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let (member, _) = find(tx, &self.actor, self.id, Role::Recruiter).await?;
        let organization = member.organization;
        let all = candidates::all_conversations(&mut tx.conn, organization, self.id).await?;
        let read = candidates::conversations(&mut tx.conn, organization, member.user(), self.id).await?;
        if read.len() < all.len() {
            return Err(Problem::new(
                Code::Conflict,
                "This candidate has conversations that you cannot see. An owner can ask their team.",
            ));
        }
        let links = candidates::links(&mut tx.conn, organization, self.id).await?;
        store::conversations::lock(&mut tx.conn, &all.iter().map(|(conversation, _)| *conversation).collect()).await?;
        // The queue is told while the entries still stand.
        for (conversation, _) in &all {
            let reached = access::conversation_to_change(&mut tx.conn, &self.actor, *conversation).await?;
            let entry = store::queue::live(&mut tx.conn, organization, *conversation).await?;
            queue::close(tx, &reached.conversation, entry).await?;
        }
        candidates::delete(&mut tx.conn, organization, self.id).await?;
        for link in links {
            tx.announce(Event::Kicked { who: Kicked::Link(link), reason: EndReason::LinkRevoked });
        }
        let act = Act::new(&member, Action::CandidateErased).within(organization).on(self.id);
        audit::record(tx, act.fact("conversations", all.len())).await?;
        for (conversation, project) in all {
            tx.announce(Event::ConversationUpdated { organization, project, conversation });
        }
        Ok(())
    }
}
