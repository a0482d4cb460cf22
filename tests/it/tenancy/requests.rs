//! The walk through the socket's requests.

use hearback::realtime::{
    payload::Kind,
    request::{REQUESTS, Request, Who},
};
use serde_json::{Map, Value, json};

use super::{CANARY, Neighbours};
use crate::harness::{
    Socket, Tenant,
    act::{client_id, soon},
    dump::difference,
};

/// A namespace, what is shown, and the headers.
type Attempt<'a> = (&'a str, Value, &'a [(&'static str, &'a str)]);

impl Neighbours {
    /// A sound payload that names what belongs to an organization.
    fn payload(&self, request: &Request, of: &Tenant) -> Value {
        let mut payload = Map::new();
        for field in request.fields {
            let value = match (field.name, field.kind) {
                ("conversation", _) => json!(of.chat.conversation),
                ("project", _) => json!(of.project.id),
                ("assignee", _) => json!(of.recruiter.id),
                ("client_id", _) => json!(client_id()),
                ("lease", _) => json!(self.lease),
                // Asking for both ends is refused, whoever asks.
                ("before_seq" | "snooze_until" | "attachments", _) => continue,
                ("status", _) => json!("open"),
                (_, Kind::Id) => json!(self.announcement),
                (_, Kind::Body | Kind::Text) => json!("hello"),
                (_, Kind::Flag) => json!(true),
                (_, Kind::Position | Kind::Limit) => json!(1),
                (_, Kind::Time) => json!(soon()),
                (_, Kind::Word(words)) => json!(words[0]),
                (_, Kind::Texts | Kind::Ids) => json!([]),
            };
            payload.insert(field.name.to_owned(), value);
        }
        Value::Object(payload)
    }
}

fn names_something(request: &Request) -> bool {
    request.fields.iter().any(|field| ["conversation", "project"].contains(&field.name))
}

fn assert_told_nothing(role: &str, name: &str, answer: &Value) {
    assert!(!answer.to_string().contains(CANARY), "{role}, {name}: {answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_with_anothers_ids_tells_or_changes_anything() {
    let neighbours = Neighbours::move_in().await;
    let strangers = neighbours.sockets(&neighbours.stranger).await;
    let at_home = neighbours.sockets(&neighbours.hidden).await;
    for (_, socket) in &at_home {
        socket.forget();
    }
    let before = neighbours.server.dump().await;
    assert!(before.iter().any(|row| row.contains(CANARY)), "the dump shows what could be seen");
    for request in REQUESTS.iter().filter(|request| request.who != Who::Operators) {
        let payload = neighbours.payload(request, &neighbours.hidden);
        for (role, socket) in &strangers {
            // A candidate's requests of members are refused by role where nothing could be found out by them.
            let answer = socket.request(request.name, payload.clone()).await;
            assert_told_nothing(role, request.name, &answer);
            if names_something(request) {
                assert_eq!(answer["error"]["code"], "not_found", "{role}, {}: {answer}", request.name);
            }
        }
    }
    let changed = difference(&before, &neighbours.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
    for (role, socket) in &at_home {
        let heard: Vec<_> = socket.all_heard().into_iter().filter(|(name, _)| name != "presence:changed").collect();
        assert!(heard.is_empty(), "{role} heard {heard:?}");
    }
    for (role, socket) in &strangers {
        let heard = json!(socket.all_heard());
        assert_told_nothing(role, "events", &heard);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_requests_with_own_ids_are_carried_out() {
    let neighbours = Neighbours::move_in().await;
    let (server, hidden) = (&neighbours.server, &neighbours.hidden);
    let owner = Socket::enter_by_cookie(server, &hidden.namespace(), &hidden.owner.cookie()).await;
    let mut lease = json!(neighbours.lease);
    let mut told = String::new();
    for request in REQUESTS.iter().filter(|request| request.who != Who::Operators) {
        let mut payload = neighbours.payload(request, hidden);
        match request.name {
            // Nothing is handled yet, so that there is something left for the queue's requests.
            "message:post" => payload["seen_seq"] = json!(0),
            // Given back just before.
            "queue:resolve" => payload["lease"] = Value::Null,
            name if name.starts_with("queue:") && payload.get("lease").is_some() => payload["lease"] = lease.clone(),
            _ => {}
        }
        let answer = owner.ask(request.name, payload).await;
        if answer["lease"].is_object() {
            lease = answer["lease"]["token"].clone();
        }
        told.push_str(&answer.to_string());
    }
    assert!(told.contains(CANARY), "the walk would have noticed");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_colleague_cannot_be_given_work() {
    let neighbours = Neighbours::move_in().await;
    let (stranger, hidden) = (&neighbours.stranger, &neighbours.hidden);
    let owner = Socket::enter_by_cookie(&neighbours.server, &stranger.namespace(), &stranger.owner.cookie()).await;
    let payload = json!({ "conversation": stranger.chat.conversation, "assignee": hidden.recruiter.id });
    assert_eq!(owner.refused("conversation:update", payload).await, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_requests_do_not_exist_in_an_organization() {
    let neighbours = Neighbours::move_in().await;
    for (role, socket) in neighbours.sockets(&neighbours.stranger).await {
        for request in REQUESTS.iter().filter(|request| request.who == Who::Operators) {
            let answer = socket.request(request.name, neighbours.payload(request, &neighbours.hidden)).await;
            assert_eq!(answer["error"]["code"], "invalid", "{role}: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_foreign_namespaces_are_refused_alike() {
    let neighbours = Neighbours::move_in().await;
    let (server, hidden, stranger) = (&neighbours.server, &neighbours.hidden, &neighbours.stranger);
    let origin = server.url();
    let cookie = stranger.owner.cookie();
    let browser = [("cookie", cookie.as_str()), ("origin", origin.as_str())];
    let foreign_origin = [("cookie", hidden.owner.cookie()), ("origin", "http://evil.example".to_owned())];
    let foreign_origin: Vec<_> = foreign_origin.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let tries: [Attempt; 9] = [
        ("/org/nobody", json!({ "token": stranger.token }), &[]),
        ("/nobody", json!({ "token": stranger.token }), &[]),
        ("/admin", json!({ "token": stranger.token }), &[]),
        ("/admin", json!({}), &browser),
        ("/org/canary", json!({ "token": stranger.token }), &[]),
        ("/org/canary", json!({ "link": stranger.chat.link }), &[]),
        ("/org/canary", json!({}), &browser),
        ("/org/canary", json!({}), &foreign_origin),
        ("/org/canary", json!({ "token": "made up", "colour": "red" }), &[]),
    ];
    for (namespace, auth, headers) in tries {
        let refused = Socket::connect(server, namespace, auth, headers).await.err();
        assert_eq!(refused.as_deref(), Some("Invalid namespace"), "{namespace}");
    }
    let let_in = Socket::connect(server, "/org/canary", json!({ "token": hidden.token }), &[]).await;
    assert!(let_in.is_ok(), "the right one is let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_refused_connections_leave_nothing_in_memory() {
    let neighbours = Neighbours::move_in().await;
    let server = &neighbours.server;
    let made_up = "A".repeat(43);
    let before = server.live();
    for batch in 0..20 {
        let tries = (0..50).map(|number| {
            let (namespace, auth) = match number % 4 {
                0 => (format!("/org/made-up-{batch}-{number}"), json!({ "token": neighbours.stranger.token })),
                1 => ("/org/canary".to_owned(), json!({ "token": neighbours.stranger.token })),
                2 => ("/org/canary".to_owned(), json!({ "link": made_up })),
                _ => ("/admin".to_owned(), json!({})),
            };
            async move { Socket::connect(server, &namespace, auth, &[]).await.err() }
        });
        for refused in futures::future::join_all(tries).await {
            assert_eq!(refused.as_deref(), Some("Invalid namespace"));
        }
    }
    assert_eq!(server.live(), before, "namespaces, sockets and rooms");

    let token = json!({ "token": neighbours.hidden.token });
    let _let_in = Socket::enter(server, "/org/canary", token).await;
    assert_ne!(server.live(), before, "one that is let in would have been counted");
}
