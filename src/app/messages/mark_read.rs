//! Read marks. Reading handles nothing; it only tells the other side, and oneself.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        event::{ActorBrief, Event},
        ids::ConversationId,
        problem::Problem,
        user::Role,
    },
    store::{Change, Tx, conversations, conversations::Side},
};

/// Marks messages up to `seq` as read by the actor's side; never moves back, and not beyond the last message.
///
/// # Errors
/// `not_found`.
pub async fn mark_read(app: &App, actor: &Actor, conversation: ConversationId, seq: i64) -> Result<(), Problem> {
    access::known_to(actor, conversation)?;
    app.store.commit(MarkRead { actor: actor.clone(), conversation, seq }).await
}

struct MarkRead {
    actor: Actor,
    conversation: ConversationId,
    seq: i64,
}

impl Change for MarkRead {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let conversation =
            access::conversation_to_change(&mut tx.conn, &self.actor, self.conversation).await?.conversation;
        let seq = self.seq.min(conversation.last_seq);
        let side = match &self.actor {
            Actor::Candidate(_) => Side::Candidate,
            Actor::Member(member) => {
                if let Some(user) = member.user() {
                    conversations::set_user_read(&mut tx.conn, self.conversation, user, seq).await?;
                }
                // A viewer looks on: the candidate is not told that the team has read.
                if member.require(Role::Recruiter).is_err() {
                    return Ok(());
                }
                Side::Team
            }
        };
        if conversations::set_read(&mut tx.conn, &conversation, side, seq).await? {
            let author = self.actor.author();
            tx.announce(Event::MessagesRead {
                organization: conversation.organization,
                conversation: self.conversation,
                reader: ActorBrief { kind: author.kind, id: None, name: author.name },
                seq,
            });
        }
        Ok(())
    }
}
