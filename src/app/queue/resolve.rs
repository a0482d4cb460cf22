//! "No reply needed."

use super::{changed, handle};
use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        ids::ConversationId,
        problem::Problem,
        queue::{LeaseToken, Outcome, QueueReason},
    },
    store::{Change, Tx, queue},
};

/// Which entry needs no reply.
#[derive(Clone, Debug)]
pub struct Resolve {
    /// The conversation.
    pub conversation: ConversationId,
    /// The caller's lease; may be left out by its holder, and where the entry waits.
    pub lease: Option<LeaseToken>,
    /// The last `seq` shown to the caller: later messages stay queued. Left out, all are meant.
    pub seen_seq: Option<i64>,
}

/// Ends an entry without a reply; also a request for a new chat link.
///
/// # Errors
/// `not_found` (also when nothing waits there), `forbidden`, `claim_lost`, `claimed_by_other`.
pub async fn resolve(app: &App, actor: &Actor, resolve: Resolve) -> Result<(), Problem> {
    app.store.commit(End { actor: actor.clone(), resolve }).await
}

struct End {
    actor: Actor,
    resolve: Resolve,
}

impl Change for End {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.resolve.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let Resolve { conversation, lease, seen_seq } = &self.resolve;
        let conversation =
            access::conversation_to_work_on(&mut tx.conn, &self.actor, *conversation).await?.conversation;
        let member = self.actor.member()?;
        let entry = queue::live(&mut tx.conn, member.organization, conversation.id).await?;
        handle::permit_without_take_over(entry.as_ref(), member, lease.as_ref(), tx.now())?;
        let seen_seq = seen_seq.unwrap_or(i64::MAX);
        let mut entry = handle::up_to(tx, &conversation, entry, seen_seq).await?.ok_or_else(Problem::not_found)?;
        if entry.unread == 0 {
            entry.end(Outcome::NoReplyNeeded);
        } else {
            entry.asks_for_link = false;
        }
        changed::save(tx, &entry, QueueReason::Resolved).await?;
        Ok(())
    }
}
