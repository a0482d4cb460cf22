//! A socket's requests, one after the other.
//!
//! The library spawns a task for every event, which loses their order; but it calls the handler itself in order. So the
//! handler only puts the request into the socket's mailbox, and one task at a time empties it. The task lives only while
//! there is something to do: an idle socket has none.

use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use chrono::TimeDelta;
use futures::FutureExt;
use serde_json::value::RawValue;
use socketioxide::{
    SendError, SocketError,
    adapter::LocalAdapter,
    extract::{AckSender, SocketRef},
    handler::{FromMessageParts, MessageHandler, Value},
    socket::Socket,
};
use tokio::time::sleep;

use super::{ack, connection::Connection, emit, hub::Hub, live::Live, request};
use crate::{
    domain::problem::{Code, Problem},
    telemetry::spans,
};

/// The most requests that wait for one socket.
pub const DEPTH: usize = 4_096;
/// The most bytes of requests that wait for one socket.
const BYTES: usize = 4 << 20;
/// How long an ack waits for room before the socket counts as too slow.
const PATIENCE: Duration = Duration::from_secs(10);

/// From how many bytes on an answer is a large one.
const LARGE: usize = 64 << 10;
/// How many bytes of large answers one socket gets in a millisecond.
const PACE: usize = 2 << 10;

/// A request as it came in.
#[derive(Debug)]
pub struct Letter {
    /// The packet's data: a JSON array of the event's name and its payload, and binary attachments.
    pub data: Value,
    /// Where the answer goes; `None` when none is wanted.
    pub ack: Option<i64>,
}

/// The requests that wait for one socket.
#[derive(Debug, Default)]
pub struct Mailbox(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    letters: VecDeque<Letter>,
    bytes: usize,
    emptied: bool,
}

/// What came of putting a request into a mailbox.
enum Put {
    /// Somebody is emptying it.
    Waits,
    /// Nobody was emptying it: the caller has to.
    First,
    /// It is full; the ack's id is given back.
    Full(Option<i64>),
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing waits and nothing is being carried out.
    pub fn is_at_rest(&self) -> bool {
        !self.lock().emptied
    }

    fn put(&self, letter: Letter) -> Put {
        let mut waiting = self.lock();
        let size = letter.size();
        if waiting.letters.len() >= DEPTH || waiting.bytes + size > BYTES {
            return Put::Full(letter.ack);
        }
        waiting.bytes += size;
        waiting.letters.push_back(letter);
        if std::mem::replace(&mut waiting.emptied, true) { Put::Waits } else { Put::First }
    }

    fn next(&self) -> Option<Letter> {
        let mut waiting = self.lock();
        let letter = waiting.letters.pop_front();
        match &letter {
            Some(letter) => waiting.bytes -= letter.size(),
            None => *waiting = Waiting::default(),
        }
        letter
    }
}

impl Letter {
    /// How many bytes it holds.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.data {
            Value::Str(text, attachments) => text.len() + attachments.iter().flatten().map(Bytes::len).sum::<usize>(),
            Value::Bytes(bytes) => bytes.len(),
        }
    }
}

/// What the library calls with every event of a socket.
pub struct Slot {
    /// Where everything is.
    pub hub: Arc<Hub>,
    /// Whose mailbox it is.
    pub live: Arc<Live>,
}

impl MessageHandler<LocalAdapter, ()> for Slot {
    fn call(&self, socket: Arc<Socket>, data: Value, ack: Option<i64>) {
        let letter = Letter { data, ack };
        let size = letter.size();
        match self.live.mailbox.put(letter) {
            Put::Waits => {}
            Put::First => {
                tokio::spawn(empty(Arc::clone(&self.hub), Arc::clone(&self.live), socket));
            }
            Put::Full(ack) => {
                let mut problem = Problem::new(Code::Busy, "Too many requests wait already. Please send more slowly.");
                problem.retry_after = Some(Duration::from_secs(1));
                log(&self.live, &socket, "unread", problem.code.as_str(), size, TimeDelta::zero());
                if try_answer(&socket, ack, &ack::refusal(&problem, "any")).is_err() {
                    emit::too_slow(&SocketRef::from(socket), "ack");
                }
            }
        }
    }
}

async fn empty(hub: Arc<Hub>, live: Arc<Live>, socket: Arc<Socket>) {
    let socket_ref = SocketRef::from(Arc::clone(&socket));
    let mut answered = 0;
    while let Some(letter) = live.mailbox.next() {
        if live.is_ended() {
            continue;
        }
        let started = hub.app.clock.now();
        let size = letter.size();
        let call = request::Call { hub: &hub, live: &live, socket: &socket_ref };
        let span = spans::socket_request(live.organization(), live.caller.kind(), socket.id);
        let (event, outcome) = AssertUnwindSafe(request::carry_out(call, &letter.data))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| ("panicked", Err(Problem::internal("the request's handler panicked"))));
        let took = hub.app.clock.now().since(started);
        let word = outcome.as_ref().map_or_else(|problem| problem.code.as_str(), |_| "ok");
        span.record("otel.name", event);
        spans::ended(&span, word, word == Code::Internal.as_str());
        drop(span);
        log(&live, &socket, event, word, size, took);
        let is_refused = outcome.is_err();
        let json = match outcome {
            Ok(answer) => answer.into_json(),
            Err(problem) => ack::refusal(&problem, event),
        };
        answer(&socket, letter.ack, &json).await;
        let size = json.get().len();
        if size >= LARGE {
            sleep(pause_after(size)).await;
        }
        // Of all else the limits allow no more than others can bear.
        if is_refused || size >= LARGE {
            hub.turns.mine().await;
        }
        answered += size;
        if answered >= LARGE {
            // Else whoever asks for much, and reads little of it, would have all the rest kept here.
            Connection::takes_more(&socket).await;
            answered = 0;
        }
    }
}

/// How long the next request waits after a large answer: long enough for it to be on its way, or for the connection to
/// be seen to take no more. Whoever came by long polling and reads nothing is gone by their missing pong before much of it
/// has piled up here.
fn pause_after(bytes: usize) -> Duration {
    Duration::from_millis(u64::try_from(bytes / PACE).unwrap_or(u64::MAX))
}

/// The one line of each request.
fn log(live: &Live, socket: &Socket, event: &str, outcome: &str, size: usize, took: TimeDelta) {
    tracing::info!(
        event,
        outcome,
        organization = live.organization().map(display),
        actor_kind = live.caller.kind(),
        actor = %live.caller.id(),
        socket = %socket.id,
        request_bytes = size,
        milliseconds = took.num_milliseconds(),
        "socket request"
    );
}

/// Sends an ack. Where the socket's buffer is full it waits: acks are never lost to a client that only has much in flight.
async fn answer(socket: &Arc<Socket>, ack: Option<i64>, json: &RawValue) {
    let mut waited = Duration::ZERO;
    let mut pause = Duration::from_millis(2);
    loop {
        match try_answer(socket, ack, json) {
            Ok(()) => return,
            Err(Full) if waited < PATIENCE && socket.connected() => {
                sleep(pause).await;
                waited += pause;
                pause = (pause * 2).min(Duration::from_millis(100));
            }
            Err(Full) => return emit::too_slow(&SocketRef::from(Arc::clone(socket)), "ack"),
        }
    }
}

/// The socket's buffer is full.
struct Full;

fn try_answer(socket: &Arc<Socket>, ack: Option<i64>, json: &RawValue) -> Result<(), Full> {
    let mut nothing = Value::Str("".into(), None);
    let Ok(sender) = AckSender::<LocalAdapter>::from_message_parts(socket, &mut nothing, &ack);
    match sender.send(json) {
        Err(SendError::Socket(SocketError::InternalChannelFull)) => Err(Full),
        Err(SendError::Serialize(error)) => {
            tracing::error!(%error, "an ack could not be written");
            Ok(())
        }
        Err(SendError::Socket(_)) | Ok(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str, ack: i64) -> Letter {
        Letter { data: Value::Str(text.to_owned().into(), None), ack: Some(ack) }
    }

    #[test]
    fn letters_come_out_in_the_order_they_came_in() {
        let mailbox = Mailbox::default();
        assert!(matches!(mailbox.put(letter("a", 0)), Put::First), "nobody empties it yet");
        for ack in 1..100 {
            assert!(matches!(mailbox.put(letter("a", ack)), Put::Waits), "somebody does");
        }
        let order: Vec<_> = std::iter::from_fn(|| mailbox.next()).filter_map(|letter| letter.ack).collect();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
        assert!(matches!(mailbox.put(letter("a", 0)), Put::First), "whoever emptied it has gone");
    }

    #[test]
    fn a_full_mailbox_gives_the_ack_back() {
        let mailbox = Mailbox::default();
        let large = "x".repeat(BYTES / 2 + 1);
        assert!(matches!(mailbox.put(letter(&large, 1)), Put::First));
        assert!(matches!(mailbox.put(letter(&large, 2)), Put::Full(Some(2))), "more bytes than may wait");
        assert!(matches!(mailbox.put(letter("small", 3)), Put::Waits), "which still fits");
        for ack in 4.. {
            if let Put::Full(full) = mailbox.put(letter("", ack)) {
                assert_eq!((full, ack), (Some(ack), i64::try_from(DEPTH).expect("small") + 2));
                break;
            }
        }
    }
}
