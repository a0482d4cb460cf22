//! All requests, in one list: the handlers, the `AsyncAPI` document and the tests that walk every request take it from here.

use std::{future::Future, pin::Pin, sync::Arc};

use serde_json::Value as Json;
use socketioxide::{extract::SocketRef, handler::Value};

use super::{
    ack::Outcome,
    admin, announcements, conversations, events,
    hub::Hub,
    live::{Caller, Live},
    messages, notes,
    payload::{Field, Object, Payload},
    projects, queue, typing,
};
use crate::domain::problem::{Code, Problem};

/// The most bytes of one request (CONTRACT.md, section 9). The transport takes a little more, so that a request which
/// is too large can be told so.
pub const SIZE_LIMIT: usize = 64 << 10;

/// Everything that a handler works with.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// Where everything is.
    pub hub: &'a Arc<Hub>,
    /// Who calls.
    pub live: &'a Arc<Live>,
    /// By which socket.
    pub socket: &'a SocketRef,
}

/// Who may ask for something; what of it they may do is checked by the use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Candidates and members.
    Everybody,
    /// Members: users and API tokens.
    Members,
    /// Operators, in `/admin`.
    Operators,
}

type Answering<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One kind of request.
pub struct Request {
    /// Its event's name.
    pub name: &'static str,
    /// Who may ask.
    pub who: Who,
    /// Whether it changes something, which viewers may not.
    pub writes: bool,
    /// The fields of its payload.
    pub fields: &'static [Field],
    /// The fields that its ack adds to `"ok": true`.
    pub answers: &'static [&'static str],
    handler: for<'a> fn(Call<'a>, Object) -> Answering<'a>,
}

macro_rules! requests {
    ($($name:literal $who:ident $kind:ident $payload:ident [$($answer:ident)*] => $handler:path;)*) => {
        /// Every request there is.
        pub static REQUESTS: &[Request] = &[$(Request {
            name: $name,
            who: Who::$who,
            writes: requests!(@ $kind),
            fields: <events::$payload as Payload>::FIELDS,
            answers: &[$(stringify!($answer),)*],
            handler: |call, object| Box::pin(async move {
                let request = events::$payload::parse(object)?;
                if let Caller::Actor(actor) = &call.live.caller {
                    call.hub.app.limits.asks(actor)?;
                }
                $handler(call, request).await
            }),
        },)*];
    };
    (@ writes) => { true };
    (@ reads) => { false };
}

requests! {
    "message:post" Everybody writes PostMessage [message duplicate] => messages::post;
    "message:history" Everybody reads MessageHistory [messages last_seq has_more] => messages::history;
    "message:mark_read" Everybody writes MarkRead [] => messages::mark_read;
    "note:post" Members writes PostNote [note duplicate] => notes::post;
    "note:history" Members reads NoteHistory [notes last_seq has_more] => notes::history;
    "typing:set" Everybody writes SetTyping [] => typing::set;
    "conversation:open" Members reads OneConversation [conversation messages notes viewers candidate_online entry] => conversations::open;
    "conversation:close" Members reads OneConversation [] => conversations::close;
    "conversation:update" Members writes UpdateConversation [conversation] => conversations::update;
    "project:join" Members reads OneProject [project] => projects::join;
    "project:leave" Members reads OneProject [project] => projects::leave;
    "queue:overview" Members reads QueueOverview [entries waiting claimed oldest_enqueued_at] => queue::overview;
    "queue:next" Members writes QueueNext [entry lease] => queue::next;
    "queue:claim" Members writes QueueClaim [entry lease] => queue::claim;
    "queue:renew" Members writes QueueHeld [lease] => queue::renew;
    "queue:release" Members writes QueueHeld [] => queue::release;
    "queue:resolve" Members writes QueueResolve [] => queue::resolve;
    "announcement:post" Members writes PostAnnouncement [announcement duplicate] => announcements::post;
    "announcement:history" Everybody reads AnnouncementHistory [announcements last_seq has_more] => announcements::history;
    "admin:overview" Operators reads AdminOverview [live numbers] => admin::overview;
}

/// Reads a packet, finds its request and carries it out. Also gives the request's name, for the log.
pub async fn carry_out(call: Call<'_>, data: &Value) -> (&'static str, Outcome) {
    let (name, object) = match read(data) {
        Ok(packet) => packet,
        Err(problem) => return ("unreadable", Err(problem)),
    };
    let operator = matches!(call.live.caller, Caller::Operator(..));
    let found = REQUESTS.iter().find(|request| request.name == name && (request.who == Who::Operators) == operator);
    match found {
        Some(request) => match object {
            Ok(object) => (request.name, (request.handler)(call, object).await),
            Err(problem) => (request.name, Err(problem)),
        },
        None => ("unknown", Err(Problem::new(Code::Invalid, "There is no such request."))),
    }
}

/// The event's name, and its payload if it has the shape that all have.
fn read(data: &Value) -> Result<(String, Result<Object, Problem>), Problem> {
    let unreadable = || Problem::new(Code::Invalid, "The request is not readable JSON text.");
    let Value::Str(text, attachments) = data else { return Err(unreadable()) };
    if text.len() > SIZE_LIMIT {
        return Err(Problem::new(Code::TooLarge, "A request has at most 64 KiB."));
    }
    let mut parts = serde_json::from_str::<Vec<Json>>(text).map_err(|_| unreadable())?.into_iter();
    let Some(Json::String(name)) = parts.next() else { return Err(unreadable()) };
    let object = if attachments.as_ref().is_some_and(|attachments| !attachments.is_empty()) {
        Err(Problem::new(Code::Invalid, "A request carries no binary attachments."))
    } else {
        match (parts.next(), parts.next()) {
            (Some(Json::Object(object)), None) => Ok(object),
            _ => Err(Problem::new(Code::Invalid, "A request carries exactly one JSON object.")),
        }
    };
    Ok((name, object))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(text: &str) -> Value {
        Value::Str(text.to_owned().into(), None)
    }

    #[test]
    fn every_request_stands_in_the_list_once() {
        let mut names: Vec<_> = REQUESTS.iter().map(|request| request.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_packet_is_an_event_and_one_object() {
        let (name, object) = read(&packet(r#"["queue:next",{"project":null}]"#)).expect("readable");
        assert_eq!(name, "queue:next");
        assert_eq!(object.expect("an object").len(), 1);
        for text in [r#"["x"]"#, r#"["x",[]]"#, r#"["x",null]"#, r#"["x",{},{}]"#, r#"["x","{}"]"#] {
            assert!(read(&packet(text)).expect("a name").1.is_err(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_what_is_too_large_is_told_so() {
        for text in ["", "[]", "{}", "[1,{}]", r#"["x",{"a":"\ud800"}]"#, r#"["x",{"a":"#] {
            assert_eq!(read(&packet(text)).expect_err("refused").code, Code::Invalid, "{text}");
        }
        let large = format!(r#"["x",{{"a":"{}"}}]"#, "a".repeat(SIZE_LIMIT));
        assert_eq!(read(&packet(&large)).expect_err("refused").code, Code::TooLarge);
    }
}
