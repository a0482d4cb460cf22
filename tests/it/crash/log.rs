//! What the clients saw, for the checker.

use uuid::Uuid;

/// A message that the server has acknowledged.
#[derive(Clone, Debug)]
pub struct Acked {
    pub conversation: Uuid,
    pub client_id: Uuid,
    pub body: String,
    pub seq: i64,
    /// When it was sent first and when its ack came, counted by one clock for all clients.
    pub sent: u64,
    pub answered: u64,
}

/// A message that somebody was shown, by an event or by history.
#[derive(Clone, Debug)]
pub struct Told {
    pub conversation: Uuid,
    pub seq: i64,
    pub id: Uuid,
}

/// A lease as its holder knew it, in milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct Held {
    pub conversation: Uuid,
    pub token: String,
    pub from: i64,
    pub until: i64,
    /// When its holder did what may have ended it.
    pub ended: Option<i64>,
}

impl Held {
    pub fn end(&self) -> i64 {
        self.ended.map_or(self.until, |ended| ended.min(self.until))
    }
}

/// Everything that the clients saw.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub acked: Vec<Acked>,
    pub told: Vec<Told>,
    pub held: Vec<Held>,
}
