//! Every operation, as it succeeds and as it is refused; each answer is what the document says.

use hearback::app;
use serde_json::{Value, json};

use super::client::Client;
use crate::harness::{
    Server, Tenant,
    act::{self, client_id},
    calls::{self, Call, Carried, calls},
    tenant,
    wait::until,
};

struct Office {
    server: Server,
    acme: Tenant,
    calls: Vec<Call>,
    client: Client,
}

impl Office {
    async fn open(flags: &[&str]) -> Self {
        let server = Server::start_with(flags).await;
        let acme = Tenant::create(server.app(), "acme").await;
        act::write(server.app(), &acme.chat, "Hello").await;
        let lease = act::next(server.app(), &acme.api).await.unwrap().lease.token;
        let calls = calls(&acme, &lease);
        let client = Client::new(&server, &acme.token).await;
        Self { server, acme, calls, client }
    }

    async fn viewer(&self) -> Client {
        let role = hearback::domain::user::Role::Viewer;
        let made = app::tokens::create(self.server.app(), &self.acme.owner.actor, tenant::name("viewer"), role).await;
        self.client.with_token(made.unwrap().1.expose())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_succeeds_as_described() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    calls::assert_complete(&office.calls);
    for call in &office.calls {
        let answer = office.client.make(call).await;
        assert_eq!(answer.status, call.status, "{} {}: {}", call.method, call.path, answer.value);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_every_operation_is_refused() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    let before = office.server.dump().await;
    for call in &office.calls {
        let answer = office.client.with_token("made-up").make(call).await;
        assert_eq!((answer.status, answer.code()), (401, "unauthorized"), "{} {}", call.method, call.path);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
        let bare = format!("{}{}", office.server.url(), call.address());
        let bare = reqwest::Client::new().request(call.method.to_uppercase().parse().unwrap(), bare);
        let bare = bare.send().await.unwrap();
        assert_eq!((bare.status().as_u16(), &bare.headers()["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
    }
    assert_eq!(before, office.server.dump().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewers_token_reads_and_writes_nothing() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    let viewer = office.viewer().await;
    let before = office.server.dump().await;
    for call in &office.calls {
        let answer = viewer.make(call).await;
        let expected = if call.writes { (403, "forbidden") } else { (200, "") };
        assert_eq!((answer.status, answer.code()), expected, "{} {}", call.method, call.path);
    }
    assert_eq!(before, office.server.dump().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_and_one_of_a_suspended_organization_are_refused() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    let app = office.server.app();
    let list = office.calls.iter().find(|call| call.path == "/api/v1/queue").unwrap();
    let viewer = office.viewer().await;
    assert_eq!(viewer.make(list).await.status, 200);
    let tokens = app::tokens::list(app, &office.acme.owner.actor).await.unwrap();
    let token = tokens.iter().find(|token| &*token.name == "viewer").unwrap();
    app::tokens::revoke(app, &office.acme.owner.actor, token.id).await.unwrap();
    assert_eq!((viewer.make(list).await.status, office.client.make(list).await.status), (401, 200));
    let operator = hearback::domain::access::Operator::command_line();
    app::organizations::suspend(app, operator, office.acme.organization.id).await.unwrap();
    assert_eq!(office.client.make(list).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_not_found() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    for call in office.calls.iter().filter(|call| call.path.contains('{')) {
        let nowhere = Call { id: uuid::Uuid::now_v7().to_string(), ..call.clone() };
        let answer = office.client.make(&nowhere).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{} {}", call.method, call.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_another_kind_or_without_end_is_refused() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    let before = office.server.dump().await;
    for call in office.calls.iter().filter(|call| !matches!(call.carried, Carried::Nothing)) {
        let (kind, text) = call.body().unwrap();
        let address = call.address();
        let send = async |kind: &str, text: String| {
            office.client.send(call.method, call.path, &address, Some((kind, text))).await
        };
        for other in ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""] {
            let answer = send(other, text.clone()).await;
            assert_eq!((answer.status, answer.code()), (415, "invalid"), "{} {} {other}", call.method, call.path);
        }
        let large = if kind == "text/csv" { 21 << 20 } else { 300 << 10 };
        let answer = send(kind, "a".repeat(large)).await;
        assert_eq!((answer.status, answer.code()), (413, "too_large"), "{} {}", call.method, call.path);
        let with_charset =
            if kind == "text/csv" { "text/CSV; header=present" } else { "Application/JSON; charset=utf-8" };
        assert_ne!(send(with_charset, "x".to_owned()).await.status, 415);
    }
    assert_eq!(before, office.server.dump().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_rate_limit_the_wait_is_told_after_what_is_refused_anyway() {
    let office = Office::open(&[]).await;
    let (app, client) = (office.server.app(), &office.client);
    let limits = app.limits.clone();
    let (organization, program) = (office.acme.organization.id, office.acme.api.member().unwrap().id());
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    // Somebody else of the same program uses up whatever is left, all the time.
    let others = std::thread::spawn({
        let stop = stop.clone();
        move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                if limits.member_writes(organization, program).is_err() {
                    std::thread::yield_now();
                }
            }
        }
    });
    let is_limited = |call: &Call| {
        let last = call.path.rsplit('/').next().unwrap();
        call.method == "post" && ["projects", "candidates", "import", "messages", "announcements"].contains(&last)
    };
    for call in office.calls.iter().filter(|call| is_limited(call)) {
        let limited = until(call.path, async || {
            let answer = client.make(call).await;
            (answer.status == 429).then_some(answer)
        })
        .await;
        assert_eq!(limited.code(), "rate_limited");
        let wait = limited.value["retry_after_ms"].as_u64().unwrap();
        assert_eq!(limited.header("retry-after"), Some(wait.div_ceil(1000).to_string().as_str()));
        if call.path.contains('{') {
            let nowhere = Call { id: uuid::Uuid::now_v7().to_string(), ..call.clone() };
            assert_eq!(client.make(&nowhere).await.status, 404, "{}", call.path);
        }
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    others.join().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_part_by_part_to_its_end() {
    let office = Office::open(&["--rate-limits", "off"]).await;
    let (app, acme) = (office.server.app(), &office.acme);
    let (conversation, project) = (acme.chat.conversation.to_string(), acme.project.id.to_string());
    let mut projects = vec![json!(acme.project.id)];
    for number in 0..4 {
        let chat = acme.add_candidate(app, &format!("number {number}")).await;
        act::write(app, &chat, "Hello").await;
        act::write(app, &acme.chat, "Hello again").await;
        let named = json!({ "name": format!("Project {number}") });
        projects.push(office.client.call("post", "/projects", "", Some(named)).await.1["id"].clone());
        let news = json!({ "client_id": client_id(), "body": format!("News {number}") });
        assert_eq!(office.client.call("post", "/projects/{id}/announcements", &project, Some(news)).await.0, 201);
    }
    let seqs = |last: i64| (1..=last).map(Value::from).collect::<Vec<_>>();
    assert_eq!(office.all("/projects", "", "id", "").await, projects);
    assert_eq!(office.all("/projects/{id}/announcements", &project, "seq", "").await, seqs(4));
    assert_eq!(office.all("/conversations/{id}/messages", &conversation, "seq", "").await, seqs(5));
    let queued = office.all("/queue", "", "conversation", "").await;
    let conversations = office.all("/conversations", "", "id", "").await;
    assert_eq!((queued.len(), conversations.len()), (5, 5));
    let at_once = office.client.call("get", "/queue", "", None).await.1;
    let at_once: Vec<_> =
        at_once["data"].as_array().unwrap().iter().map(|entry| entry["conversation"].clone()).collect();
    assert_eq!(queued, at_once, "in the queue's order, each once");
    assert_eq!(office.all("/queue", "", "conversation", &format!("&project={project}")).await, queued);
    // A cursor belongs to its list, and one that we did not make belongs to none.
    let of_queue = office.client.ask("get", "/queue", "", "?limit=2", None).await.1["next_cursor"].clone();
    for (path, cursor) in [("/projects", of_queue.as_str().unwrap()), ("/queue", "ZHVlIDEgeA"), ("/queue", "é")] {
        let refused = office.client.ask("get", path, "", &format!("?cursor={cursor}"), None).await;
        assert_eq!((refused.0, &refused.1["field"]), (400, &json!("cursor")), "{path} {cursor}");
    }
}

impl Office {
    /// One field of all of a list, read two by two.
    async fn all(&self, path: &str, id: &str, field: &str, query: &str) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, part) = self.client.ask("get", path, id, &format!("?limit=2{query}{cursor}"), None).await;
            assert_eq!(status, 200, "{part}");
            let items = part["data"].as_array().unwrap();
            assert!(!items.is_empty() && items.len() <= 2, "{part}");
            found.extend(items.iter().map(|item| item[field].clone()));
            match part["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }
}
