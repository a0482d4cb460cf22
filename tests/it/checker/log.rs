//! What the clients saw.

use uuid::Uuid;

/// Microseconds since the load began, by the monotonic clock that all clients share.
pub type Moment = u64;

/// Everything that was sent and answered.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub posts: Vec<Post>,
    pub resolved: Vec<Resolved>,
    pub grants: Vec<Grant>,
    pub views: Vec<View>,
}

/// A message that somebody wrote, and what became of it. Sent again and again with the same `client_id`, until an ack.
#[derive(Clone, Debug)]
pub struct Post {
    pub conversation: Uuid,
    pub author: Uuid,
    pub client_id: Uuid,
    pub body: String,
    /// Of the team: up to where the author had read.
    pub seen_seq: Option<i64>,
    /// When it was sent first.
    pub sent: Moment,
    /// Every ack with `ok`, in the order in which they came.
    pub acks: Vec<Ack>,
    /// The code by which it was refused for good.
    pub refused: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Ack {
    pub at: Moment,
    pub id: Uuid,
    pub seq: i64,
}

/// "No reply needed".
#[derive(Clone, Debug)]
pub struct Resolved {
    pub conversation: Uuid,
    pub sent: Moment,
    /// When the answer came, or the connection broke and left it open whether it took place.
    pub ended: Moment,
    pub acknowledged: bool,
}

/// A lease that somebody was given, or that was renewed.
#[derive(Clone, Debug)]
pub struct Grant {
    pub conversation: Uuid,
    pub holder: Uuid,
    pub token: String,
    pub asked: Moment,
    pub granted: Moment,
    /// When it runs out.
    pub expires: Moment,
    /// When its holder began to give it back, or handled the entry.
    pub ended: Option<Moment>,
}

/// Every message that a client knew of at the end, by `seq`, of a conversation that it followed from its beginning. What
/// it was told first under a `seq` stays.
#[derive(Clone, Debug)]
pub struct View {
    pub conversation: Uuid,
    pub told: Vec<(i64, Uuid)>,
}
