//! "No reply needed" and closing can be undone: what waited, waits again.

use super::{changed, handle, snooze::reason_of};
use crate::{
    app::{App, access, messages::project_closed},
    domain::{
        access::Actor,
        conversation::ConversationStatus,
        event::Event,
        ids::ConversationId,
        problem::{Code, Problem},
        project::ProjectStatus,
        queue::Outcome,
    },
    store::{Change, Tx, conversations, messages, queue},
};

/// Puts a conversation back in the queue at the place that it had before it was marked as needing no reply, or closed.
/// Its messages are unhandled again, those that came since included. A claim of before is not restored; one that
/// somebody has on what came since stays. A closed conversation is opened.
///
/// # Errors
/// `not_found`, `forbidden`, `project_closed`; `conflict` where a reply has handled it, or nothing has ever waited.
pub async fn put_back(app: &App, actor: &Actor, conversation: ConversationId) -> Result<(), Problem> {
    app.store.commit(PutBack { actor: actor.clone(), conversation }).await
}

struct PutBack {
    actor: Actor,
    conversation: ConversationId,
}

impl Change for PutBack {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let reached = access::conversation_to_work_on(&mut tx.conn, &self.actor, self.conversation).await?;
        let conversation = &reached.conversation;
        let (organization, project) = (conversation.organization, conversation.project);
        if reached.project_status == ProjectStatus::Closed {
            return Err(project_closed());
        }
        let ended = queue::last_ended(&mut tx.conn, organization, conversation.id).await?;
        let ended = ended.filter(|entry| entry.outcome.is_some_and(Outcome::can_be_undone)).ok_or_else(answered)?;
        let ended_at = queue::changed_at(&mut tx.conn, &ended).await?;
        let replied = messages::last_reply_since(&mut tx.conn, organization, conversation.id, ended_at).await?;
        if !ended.asks_for_link && replied.is_some_and(|seq| seq == conversation.last_seq) {
            return Err(answered());
        }
        if conversation.status != ConversationStatus::Open {
            conversations::open_again(&mut tx.conn, organization, conversation.id).await?;
            tx.announce(Event::ConversationUpdated { organization, project, conversation: conversation.id });
        }
        let handled = replied.unwrap_or_default().max(ended.first_seq - 1);
        let left = handle::from(tx, conversation, handled).await?;
        // What the candidate wrote since waits in an entry of its own: it moves to the place of the first message.
        let mut entry = match queue::live(&mut tx.conn, organization, conversation.id).await? {
            Some(live) => live.at_the_place_of(&ended),
            None => {
                let mut again = ended;
                again.reopen(reached.project_status);
                again
            }
        };
        if left.unread > 0 {
            entry.remain(left);
        }
        if entry.priority != conversation.priority {
            entry.reprioritize(conversation.priority, &reached.targets);
        }
        changed::save(tx, &entry, reason_of(&entry)).await?;
        Ok(())
    }
}

fn answered() -> Problem {
    Problem::new(Code::Conflict, "This was answered, so there is nothing to put back.")
}
