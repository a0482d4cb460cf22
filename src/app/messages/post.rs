//! Posting a message: the candidate's goes into the queue, the team's handles what its author had seen.

use tokio::time::Instant;

use super::arrive::arrive;
use crate::{
    app::{App, access, queue::handle},
    domain::{
        access::Actor,
        event::{Carried, Event, SocketId},
        ids::ConversationId,
        message::{AuthorKind, Message, MessageKind, NewMessage},
        problem::{Code, Problem},
        project::ProjectStatus,
        queue::LeaseToken,
    },
    store::{Change, Tx, conversations, conversations::Reached, messages},
};

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct Post {
    /// The message.
    pub message: NewMessage,
    /// What only the team's messages have; ignored for candidates.
    pub reply: Option<Reply>,
    /// The socket that asks and needs no announcement.
    pub origin: Option<SocketId>,
}

/// How a message of the team's stands to the queue.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The last `seq` that was shown to the author, 0 if none: only what was seen is handled.
    pub seen_seq: i64,
    /// The author's lease; may be left out by its holder.
    pub lease: Option<LeaseToken>,
    /// Post although another holds the entry or the lease is lost.
    pub take_over: bool,
}

/// A posted message.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The message as it stands in the store.
    pub message: Message,
    /// Whether it stood there already: nothing was written or announced again.
    pub duplicate: bool,
    /// Whether it came before it was due, where it answers all that a candidate waited for.
    pub answers_in_time: Option<bool>,
}

impl Posted {
    /// Whether the message that stands in the store has the text that was sent. One that was sent before and changed since
    /// counts as the same.
    #[must_use]
    pub fn holds(&self, body: &str) -> bool {
        let Message { edited_at, deleted, body: stored, .. } = &self.message;
        !self.duplicate || *deleted || edited_at.is_some() || stored == body
    }
}

/// Posts a message. `Ok` means that it and its queue entry are durable.
///
/// # Errors
/// `not_found`, `forbidden` (viewers), `rate_limited` (candidates over 30 a minute), `invalid` (a member's without
/// `seen_seq` or with a placeholder), `project_closed`, `claimed_by_other`, `claim_lost`.
pub async fn post(app: &App, actor: &Actor, mut post: Post) -> Result<Posted, Problem> {
    if matches!(actor, Actor::Member(_)) {
        if post.reply.is_none() {
            return Err(without_seen_seq());
        }
        post.message.body = post.message.body.without_placeholders()?;
    }
    access::known_to(actor, post.message.conversation)?;
    match actor {
        // A heartbeat is nobody who could write too much.
        Actor::Candidate(_) if actor.is_heartbeat() => {}
        Actor::Candidate(candidate) => app.limits.candidate_posts(candidate.id)?,
        Actor::Member(member) => {
            if let Err(limited) = app.limits.member_writes(member.organization, member.id()) {
                // Boxed, since it is rare and would be most of what is moved for each message.
                Box::pin(access::conversation_to_write_to(app, actor, post.message.conversation)).await?;
                return Err(limited);
            }
        }
    }
    let started = Instant::now();
    let posted = app.store.commit(PostMessage { app: app.clone(), actor: actor.clone(), post }).await?;
    if !actor.is_heartbeat() {
        app.metrics.message_ack.observe(started.elapsed().as_secs_f64());
        if !posted.duplicate {
            app.metrics.messages_posted.with_label_values(&[posted.message.author.kind.as_str()]).inc();
        }
        if let Some(in_time) = posted.answers_in_time {
            app.metrics.first_responses.with_label_values(&[if in_time { "yes" } else { "no" }]).inc();
        }
    }
    Ok(posted)
}

fn without_seen_seq() -> Problem {
    Problem::invalid("seen_seq", "Say up to which message you have read.")
}

/// A message that waits to be posted.
pub(super) struct PostMessage {
    app: App,
    pub(super) actor: Actor,
    pub(super) post: Post,
}

/// No message is taken any more.
pub(in crate::app) fn project_closed() -> Problem {
    Problem::new(Code::ProjectClosed, "This project is closed and takes no more messages.")
}

impl Change for PostMessage {
    type Output = Posted;

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.post.message.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Posted, Problem> {
        let Actor::Member(member) = &self.actor else {
            return arrive(&[self], tx).await?.pop().ok_or_else(Problem::not_found)?;
        };
        let Post { message: new, reply, origin } = &self.post;
        let reached = access::conversation_to_work_on(&mut tx.conn, &self.actor, new.conversation).await?;
        let author = self.actor.author();
        if let Some(message) =
            messages::find_by_client_id(&mut tx.conn, new.conversation, &author, new.client_id).await?
        {
            return Ok(Posted { message, duplicate: true, answers_in_time: None });
        }
        if reached.project_status == ProjectStatus::Closed {
            return Err(project_closed());
        }
        let reply = reply.as_ref().ok_or_else(without_seen_seq)?;
        let entry = handle::permit(tx, &reached.conversation, member, reply).await?;
        let answered = entry.as_ref().filter(|entry| reply.seen_seq >= entry.last_seq);
        let answers_in_time = answered.map(|entry| tx.now() <= entry.due_at);
        let message = self.write(tx, &reached).await?;
        let lease = self.app.settings.lease;
        handle::by_reply(tx, &reached.conversation, entry, member, reply, lease).await?;
        tx.announce(Event::MessagePosted {
            organization: reached.conversation.organization,
            conversation: message.conversation,
            seq: message.seq,
            origin: origin.clone(),
            message: Carried::new(message.clone()),
        });
        Ok(Posted { message, duplicate: false, answers_in_time })
    }

    fn comes_in_numbers(&self) -> bool {
        matches!(self.actor, Actor::Candidate(_))
    }

    fn apply_run(
        run: &[&Self],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<Vec<Result<Posted, Problem>>, Problem>> + Send {
        arrive(run, tx)
    }
}

impl PostMessage {
    async fn write(&self, tx: &mut Tx, reached: &Reached) -> Result<Message, Problem> {
        let NewMessage { conversation, client_id, body } = &self.post.message;
        let organization = reached.conversation.organization;
        let now = tx.now();
        let message = Message {
            id: tx.new_id(),
            conversation: *conversation,
            seq: conversations::next_seq(&mut tx.conn, organization, *conversation, now).await?,
            kind: MessageKind::Text,
            author: self.actor.author(),
            body: body.to_string(),
            attachments: Vec::new(),
            client_id: *client_id,
            created_at: now,
            edited_at: None,
            deleted: false,
            read_by_other: false,
        };
        debug_assert!(message.author.kind != AuthorKind::System, "an actor is a person or a program");
        messages::insert(&mut tx.conn, organization, &message).await?;
        Ok(message)
    }
}
