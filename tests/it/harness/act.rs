//! What people do, in one line each.

use chrono::TimeDelta;
use hearback::{
    app::{
        App, jobs,
        messages::{self, Post, Posted, Reply},
        queue::{self, Claimed},
    },
    clock::Clock,
    domain::{
        access::Actor,
        ids::{ClientId, ConversationId, JobId},
        job::NewJob,
        message::NewMessage,
        page::Limit,
        problem::Problem,
        queue::{LeaseToken, QueueEntry},
        text::Body,
        time::Timestamp,
    },
    store::{Change, Tx},
};

use super::Chat;

pub fn client_id() -> ClientId {
    uuid::Uuid::new_v4().into()
}

/// A moment to come, near enough to snooze until.
pub fn soon() -> Timestamp {
    Clock::system().now().plus(TimeDelta::days(100))
}

pub fn body(text: &str) -> Body {
    Body::parse("body", text).unwrap()
}

/// The candidate writes; gives the message's `seq`.
pub async fn write(app: &App, chat: &Chat, text: &str) -> i64 {
    let message = NewMessage { conversation: chat.conversation, client_id: client_id(), body: body(text) };
    let post = Post { message, reply: None, origin: None };
    messages::post(app, &chat.actor, post).await.unwrap().message.seq
}

/// A reply to what was seen up to `seen_seq`.
pub fn reply(seen_seq: i64) -> Reply {
    Reply { seen_seq, lease: None, take_over: false }
}

pub async fn answer(app: &App, actor: &Actor, chat: &Chat, reply: Reply) -> Result<Posted, Problem> {
    let message = NewMessage { conversation: chat.conversation, client_id: client_id(), body: body("Thank you.") };
    messages::post(app, actor, Post { message, reply: Some(reply), origin: None }).await
}

pub async fn next(app: &App, actor: &Actor) -> Option<Claimed> {
    queue::next(app, actor, None).await.unwrap()
}

/// Whose turn it is, in the order in which `next` gives them.
pub async fn line(app: &App, actor: &Actor) -> Vec<ConversationId> {
    entries(app, actor).await.iter().map(|entry| entry.conversation).collect()
}

pub async fn entries(app: &App, actor: &Actor) -> Vec<QueueEntry> {
    queue::overview(app, actor, None, Limit::MAX).await.unwrap().entries
}

/// The live entry of a conversation, if it waits or is claimed.
pub async fn entry(app: &App, actor: &Actor, conversation: ConversationId) -> Option<QueueEntry> {
    entries(app, actor).await.into_iter().find(|entry| entry.conversation == conversation)
}

pub fn token(text: &str) -> LeaseToken {
    LeaseToken(text.to_owned())
}

struct Schedule(NewJob);

impl Change for Schedule {
    type Output = JobId;

    async fn apply(&self, tx: &mut Tx) -> Result<JobId, Problem> {
        Ok(jobs::schedule(tx, self.0.clone()).await?)
    }
}

pub async fn schedule(app: &App, job: NewJob) -> JobId {
    app.store.commit(Schedule(job)).await.unwrap()
}
