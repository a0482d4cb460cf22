//! Whatever is sent is answered: each field of each request empty, too long, of a wrong type, unknown, with NUL, with a
//! lone surrogate, foreign.

mod calls;
mod drawn;
mod forms;
mod random;

use hearback::realtime::{
    payload::{Field, Kind},
    request::{REQUESTS, Request, SIZE_LIMIT, Who},
};
use serde_json::{Map, Value, json};

use crate::harness::{
    Server, Socket, Tenant,
    act::{self, client_id, soon},
    dump::difference,
    tenant::operators_cookie,
    wait::within,
};

pub fn sound(request: &Request, tenant: &Tenant) -> Map<String, Value> {
    let value = |field: &Field| match field.name {
        "conversation" => json!(tenant.chat.conversation),
        "project" => json!(tenant.project.id),
        "assignee" => json!(tenant.recruiter.id),
        "lease" => json!("made up"),
        "status" => json!("snoozed"),
        _ => match field.kind {
            Kind::Id => json!(client_id()),
            Kind::Body | Kind::Text => json!("hello"),
            Kind::Flag => json!(true),
            Kind::Position | Kind::Limit => json!(1),
            Kind::Time => json!(soon()),
            Kind::Word(words) => json!(words[0]),
            Kind::Texts => json!(["label"]),
            Kind::Ids => json!([]),
        },
    };
    let fields = request.fields.iter().filter(|field| field.name != "before_seq");
    fields.map(|field| (field.name.to_owned(), value(field))).collect()
}

/// What does not fit a field.
fn unfit(kind: Kind) -> Vec<Value> {
    let mut all = vec![json!({}), json!([[]]), json!({ "a": 1 })];
    all.extend(match kind {
        Kind::Id => {
            vec![json!(""), json!("not-a-uuid"), json!(1), json!("a".repeat(10_000)), json!("\u{0}"), json!(true)]
        }
        Kind::Body => {
            vec![json!(""), json!(" \n\t "), json!("a".repeat(10_001)), json!("a\u{0}b"), json!(1), json!(true)]
        }
        Kind::Text => vec![json!("a".repeat(10_001)), json!("a\u{0}b"), json!(1), json!(true)],
        Kind::Flag => vec![json!("true"), json!(1), json!("")],
        Kind::Position => vec![json!(-1), json!(1.5), json!("1"), json!(1e300), json!(true)],
        Kind::Limit => vec![json!(0), json!(201), json!(-1), json!(1.5), json!("1"), json!(u64::MAX)],
        Kind::Time => {
            let years = ["+262142-01-01T00:00:00Z", "0000-12-31T00:00:00Z", "9999-12-31T23:59:59-01:00"];
            let others = [json!(""), json!("yesterday"), json!(1), json!("2050-02-31T00:00:00Z"), json!("\u{0}")];
            others.into_iter().chain(years.map(Value::from)).collect()
        }
        Kind::Word(_) => vec![json!(""), json!("other"), json!(1), json!("a".repeat(10_000)), json!("\u{0}")],
        Kind::Texts => vec![json!("a"), json!([1]), json!([""]), json!(["a".repeat(201)]), json!(["a\u{0}"])],
        Kind::Ids => vec![json!("a"), json!([1]), json!(["a"])],
    });
    all
}

fn is_refusal(answer: &Value) -> bool {
    let code = answer["error"]["code"].as_str().unwrap_or_default();
    answer["ok"] == false && (code == "invalid" || code == "too_large")
}

struct House {
    server: Server,
    acme: Tenant,
    owner: Socket,
    candidate: Socket,
    operator: Socket,
}

impl House {
    async fn open() -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        act::write(server.app(), &acme.chat, "Hello").await;
        let owner = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.owner.cookie()).await;
        let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
        let cookie = operators_cookie(server.app()).await;
        let operator = Socket::enter_by_cookie(&server, "/admin", &cookie).await;
        Self { server, acme, owner, candidate, operator }
    }

    fn requests(&self) -> impl Iterator<Item = (&'static Request, &Socket)> {
        REQUESTS.iter().flat_map(|request| {
            let sockets = match request.who {
                Who::Everybody => vec![&self.owner, &self.candidate],
                Who::Members => vec![&self.owner],
                Who::Operators => vec![&self.operator],
            };
            sockets.into_iter().map(move |socket| (request, socket))
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_does_not_fit_is_refused_and_named() {
    let house = House::open().await;
    let before = house.server.dump().await;
    for (request, socket) in house.requests() {
        for field in request.fields {
            for bad in unfit(field.kind) {
                let mut payload = sound(request, &house.acme);
                payload.insert(field.name.to_owned(), bad.clone());
                let answer = socket.request(request.name, Value::Object(payload)).await;
                assert!(is_refusal(&answer), "{} {} {bad:.60}: {answer}", request.name, field.name);
                assert_eq!(answer["error"]["field"], field.name, "{} {bad:.60}: {answer}", request.name);
            }
        }
    }
    let changed = difference(&before, &house.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_field_an_unknown_one_and_no_object_are_refused() {
    let house = House::open().await;
    let before = house.server.dump().await;
    for (request, socket) in house.requests() {
        for field in request.fields.iter().filter(|field| field.required) {
            for absent in [None, Some(Value::Null)] {
                let mut payload = sound(request, &house.acme);
                payload.remove(field.name);
                payload.extend(absent.map(|null| (field.name.to_owned(), null)));
                let answer = socket.request(request.name, Value::Object(payload)).await;
                assert_eq!(answer["error"]["code"], "invalid", "{} without {}: {answer}", request.name, field.name);
            }
        }
        let mut more = sound(request, &house.acme);
        more.insert("colour".to_owned(), json!("red"));
        let answer = socket.request(request.name, Value::Object(more)).await;
        assert_eq!(answer["error"]["code"], "invalid", "{} with more: {answer}", request.name);
        for no_object in [json!(null), json!([]), json!("text"), json!(7), json!(true)] {
            let answer = socket.request(request.name, no_object).await;
            assert_eq!(answer["error"]["code"], "invalid", "{}: {answer}", request.name);
        }
    }
    let changed = difference(&before, &house.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_at_all_is_answered_too() {
    let house = House::open().await;
    let conversation = house.acme.chat.conversation;
    let large = "a".repeat(SIZE_LIMIT);
    let deep = "[".repeat(3_000) + &"]".repeat(3_000);
    let frames = [
        r#"["no:such",{}]"#.to_owned(),
        r#"["",{}]"#.to_owned(),
        r#"["message:history"]"#.to_owned(),
        r#"["message:history",{},{}]"#.to_owned(),
        format!(r#"["message:history",{{"conversation":"{conversation}"}},1]"#),
        // A lone surrogate, in a value, in a key and in a name.
        format!(
            r#"["message:post",{{"conversation":"{conversation}","client_id":"{}","body":"a\ud800b","seen_seq":0}}]"#,
            client_id()
        ),
        format!(r#"["message:history",{{"conversation":"{conversation}","\udc00":1}}]"#),
        format!(r#"["message:history",{{"conversation":{deep}}}]"#),
        format!(r#"["message:history",{{"conversation":"{large}"}}]"#),
        // The same field twice.
        format!(r#"["typing:set",{{"conversation":"{conversation}","typing":1,"typing":"x"}}]"#),
    ];
    for socket in [&house.owner, &house.candidate] {
        for frame in &frames {
            let answer = within(&format!("{frame:.80}"), socket.send_raw(frame)).await.expect("an ack");
            assert!(is_refusal(&answer), "{frame:.80}: {answer}");
        }
        socket.ask("message:history", json!({ "conversation": conversation })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_no_client_sends_end_at_most_their_own_connection() {
    let house = House::open().await;
    let namespace = house.acme.namespace();
    let history = json!({ "conversation": house.acme.chat.conversation });
    let frames = [
        "4".to_owned(),
        "9".to_owned(),
        "42".to_owned(),
        format!("42{namespace},1["),
        format!("42{namespace},1{{}}"),
        format!("42{namespace},99999999999999999999999[\"message:history\",{{}}]"),
        format!("45{namespace},1-[\"x\",{{\"_placeholder\":true,\"num\":0}}]"),
        format!("459999{namespace},1-[\"x\"]"),
        "40/org/nobody,{}".to_owned(),
        "\u{0}".to_owned(),
    ];
    for frame in frames {
        let socket = Socket::enter(&house.server, &namespace, json!({ "token": house.acme.token })).await;
        socket.raw(&frame);
        // Either the request after it is answered, or the connection has ended.
        drop(within(&format!("an answer after {frame:?}"), socket.send("message:history", &history)).await);
        house.owner.ask("message:history", history.clone()).await;
        house.candidate.ask("message:history", history.clone()).await;
    }
}
