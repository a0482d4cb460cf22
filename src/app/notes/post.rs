//! Posting a note. It handles nothing in the queue.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        event::{Carried, Event, SocketId},
        ids::{ClientId, ConversationId},
        message::Note,
        problem::Problem,
        text::Body,
    },
    store::{Change, Tx, conversations, notes},
};

/// A note to be posted.
#[derive(Clone, Debug)]
pub struct PostNote {
    /// The conversation it is about.
    pub conversation: ConversationId,
    /// The client's own id for it.
    pub client_id: ClientId,
    /// The text.
    pub body: Body,
    /// The socket that asks and needs no announcement.
    pub origin: Option<SocketId>,
}

/// A posted note.
#[derive(Clone, Debug)]
pub struct PostedNote {
    /// The note as it stands in the store.
    pub note: Note,
    /// Whether it stood there already.
    pub duplicate: bool,
}

/// Posts a note.
///
/// # Errors
/// `not_found`, `forbidden` for candidates and viewers, `rate_limited`.
pub async fn post(app: &App, actor: &Actor, post: PostNote) -> Result<PostedNote, Problem> {
    if let Actor::Member(member) = actor
        && let Err(limited) = app.limits.member_writes(member.organization, member.id())
    {
        access::conversation_to_write_to(app, actor, post.conversation).await?;
        return Err(limited);
    }
    app.store.commit(WriteNote { actor: actor.clone(), post }).await
}

struct WriteNote {
    actor: Actor,
    post: PostNote,
}

impl Change for WriteNote {
    type Output = PostedNote;

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.post.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<PostedNote, Problem> {
        let PostNote { conversation, client_id, body, origin } = &self.post;
        access::conversation_to_work_on(&mut tx.conn, &self.actor, *conversation).await?;
        let (organization, author) = (self.actor.organization(), self.actor.author());
        if let Some(note) = notes::find_by_client_id(&mut tx.conn, *conversation, &author, *client_id).await? {
            return Ok(PostedNote { note, duplicate: true });
        }
        let (seq, after_seq) = conversations::next_note_seq(&mut tx.conn, organization, *conversation).await?;
        let note = Note {
            id: tx.new_id(),
            conversation: *conversation,
            seq,
            after_seq,
            author,
            body: body.clone(),
            client_id: *client_id,
            created_at: tx.now(),
        };
        notes::insert(&mut tx.conn, organization, &note).await?;
        tx.announce(Event::NotePosted {
            organization,
            conversation: *conversation,
            seq,
            origin: origin.clone(),
            note: Carried::new(note.clone()),
        });
        Ok(PostedNote { note, duplicate: false })
    }
}
