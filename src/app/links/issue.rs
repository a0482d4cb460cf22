//! New links for old ones.

use chrono::TimeDelta;

use super::chat_url;
use crate::{
    app::{App, access, queue},
    domain::{
        access::{Actor, Member},
        audit::{Act, Action},
        event::{Event, Kicked},
        ids::{ConversationId, LinkId, OrganizationId},
        link::{ChatLink, SecretHash},
        problem::Problem,
        session::EndReason,
        user::Role,
    },
    store::{Change, Tx, audit, links, projects},
};

/// Writes a link within a change and gives its id; those before are left alone.
pub(in crate::app) async fn write_link(
    tx: &mut Tx,
    member: &Member,
    conversation: ConversationId,
    secret: SecretHash,
    lifetime: TimeDelta,
) -> Result<LinkId, Problem> {
    let link = ChatLink {
        id: tx.new_id(),
        organization: member.organization,
        conversation,
        expires_at: tx.now().plus(lifetime),
        revoked_at: None,
        created_at: tx.now(),
    };
    links::insert(&mut tx.conn, &link, secret, &member.name).await?;
    Ok(link.id)
}

struct Replace {
    actor: Actor,
    conversation: ConversationId,
    /// `None`: no new one.
    new: Option<SecretHash>,
    lifetime: TimeDelta,
}

/// Makes a new link to a conversation and gives its address, which is shown this once; the old ones end at once. A
/// candidate's request for one is handled. For recruiters.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`.
pub async fn issue(app: &App, actor: &Actor, conversation: ConversationId) -> Result<String, Problem> {
    let secret = app.clock.new_secret();
    replace(app, actor, conversation, Some(secret.hash())).await?;
    Ok(chat_url(app, &secret))
}

/// Ends every link to a conversation, at once. For recruiters.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`.
pub async fn revoke(app: &App, actor: &Actor, conversation: ConversationId) -> Result<(), Problem> {
    replace(app, actor, conversation, None).await
}

async fn replace(
    app: &App,
    actor: &Actor,
    conversation: ConversationId,
    new: Option<SecretHash>,
) -> Result<(), Problem> {
    app.limits.changes(actor)?;
    let lifetime = app.settings.link_lifetime;
    app.store.commit(Replace { actor: actor.clone(), conversation, new, lifetime }).await
}

impl Change for Replace {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let Actor::Member(member) = &self.actor else { return Err(Problem::not_found()) };
        let organization: OrganizationId = member.organization;
        let reads = projects::reads_conversation(&mut tx.conn, organization, member.user(), self.conversation).await?;
        reads.ok_or_else(Problem::not_found)?;
        access::member_with(&self.actor, Role::Recruiter)?;
        let now = tx.now();
        let old = links::live(&mut tx.conn, organization, self.conversation).await?;
        links::revoke(&mut tx.conn, organization, self.conversation, now).await?;
        let ended = old.len();
        for link in old {
            tx.announce(Event::Kicked { who: Kicked::Link(link), reason: EndReason::LinkRevoked });
        }
        let act = match self.new {
            Some(secret) => {
                let link = write_link(tx, member, self.conversation, secret, self.lifetime).await?;
                queue::link_made(tx, organization, self.conversation).await?;
                Act::new(member, Action::LinkIssued).fact("link", link)
            }
            None if ended == 0 => return Ok(()),
            None => Act::new(member, Action::LinkRevoked),
        };
        audit::record(tx, act.within(organization).on(self.conversation).fact("ended", ended)).await?;
        Ok(())
    }
}
