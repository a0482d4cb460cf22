//! A candidate joins a project.

use chrono::TimeDelta;

use crate::{
    app::{App, access, links},
    domain::{
        access::{Actor, Member},
        audit::{Act, Action},
        candidate::{Candidate, Profile},
        event::Event,
        ids::{AuditId, ConversationId, ProjectId},
        link::SecretHash,
        problem::{Code, Problem},
        user::Role,
    },
    store::{Change, Tx, audit, candidates, projects},
};

/// A candidate who was added.
#[derive(Clone, Debug)]
pub struct Added {
    /// The candidate; one known before keeps what was known.
    pub candidate: Candidate,
    /// The new conversation.
    pub conversation: ConversationId,
    /// The address of the chat link, shown this once.
    pub chat_url: String,
}

/// The import of which a candidate is one row.
#[derive(Clone, Copy)]
pub(super) struct Import {
    /// The id of its entry in the audit log.
    pub(super) id: AuditId,
    /// How many rows it has.
    pub(super) rows: usize,
}

struct Add {
    actor: Actor,
    project: ProjectId,
    profile: Profile,
    secret: SecretHash,
    lifetime: TimeDelta,
    import: Option<Import>,
}

/// Adds a candidate to a project and makes the chat link. Somebody who is known by the same foreign id, or by the same
/// name and address, is not made a second time. For recruiters.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`, `project_closed`, `conflict` for somebody who is in the project already.
pub async fn add(app: &App, actor: &Actor, project: ProjectId, profile: Profile) -> Result<Added, Problem> {
    if let Actor::Member(member) = actor
        && let Err(limited) = app.limits.member_writes(member.organization, member.id())
    {
        access::project_to_write_to(app, actor, project).await?;
        return Err(limited);
    }
    add_row(app, actor, project, profile, None).await
}

/// As [`add`], for one of many.
pub(super) async fn add_row(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    profile: Profile,
    import: Option<Import>,
) -> Result<Added, Problem> {
    let secret = app.clock.new_secret();
    let lifetime = app.settings.link_lifetime;
    let add = Add { actor: actor.clone(), project, profile, secret: secret.hash(), lifetime, import };
    let (candidate, conversation) = app.store.commit(add).await?;
    Ok(Added { candidate, conversation, chat_url: links::chat_url(app, &secret) })
}

/// Nobody is in a project twice.
pub(super) fn in_project_already() -> Problem {
    Problem::new(Code::Conflict, "This candidate is in the project already.")
}

impl Change for Add {
    type Output = (Candidate, ConversationId);

    // It locks the project, which is not locked after a conversation.
    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(Candidate, ConversationId), Problem> {
        // Otherwise a candidate could write, from another server, into a project that is being closed.
        projects::hold(&mut tx.conn, self.actor.organization(), self.project).await?;
        let reached = access::project(&mut tx.conn, &self.actor, self.project).await?;
        let member = access::member_with(&self.actor, Role::Recruiter)?;
        reached.require_open()?;
        let candidate = self.find_or_make(tx, member).await?;
        let (organization, now, conversation) = (member.organization, tx.now(), tx.new_id());
        candidates::insert_conversation(&mut tx.conn, organization, conversation, self.project, candidate.id, now)
            .await?;
        let link = links::write_link(tx, member, conversation, self.secret, self.lifetime).await?;
        tx.announce(Event::ConversationUpdated { organization, project: self.project, conversation });
        let act = Act::new(member, Action::CandidateAdded).within(organization).on(candidate.id);
        let act = act.fact("project", self.project).fact("conversation", conversation).fact("link", link);
        let act = match self.import {
            Some(import) => {
                let of = Act::new(member, Action::CandidatesImported).within(organization).on(self.project);
                audit::record_once(tx, import.id, of.fact("rows", import.rows)).await?;
                act.fact("import", import.id)
            }
            None => act,
        };
        audit::record(tx, act).await?;
        Ok((candidate, conversation))
    }
}

impl Add {
    async fn find_or_make(&self, tx: &mut Tx, member: &Member) -> Result<Candidate, Problem> {
        let (organization, user) = (member.organization, member.user());
        if let Some(known) = candidates::find_same(&mut tx.conn, organization, user, &self.profile).await? {
            if candidates::conversation_in(&mut tx.conn, self.project, known.id).await?.is_some() {
                return Err(in_project_already());
            }
            return Ok(known);
        }
        let candidate =
            Candidate { id: tx.new_id(), organization, profile: self.profile.clone(), created_at: tx.now() };
        candidates::insert(&mut tx.conn, &candidate).await?;
        Ok(candidate)
    }
}
