//! The queue through the doors: what is announced, and what a restart leaves.

use serde_json::{Value, json};

use crate::harness::{Server, Socket, Tenant, act::client_id, wait::until};

async fn numbers(socket: &Socket, acme: &Tenant) -> Value {
    let overview = socket.ask("queue:overview", json!({ "project": acme.project.id, "limit": 200 })).await;
    json!([overview["waiting"], overview["claimed"], overview["oldest_enqueued_at"]])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_announced_and_the_numbers_equal_the_stores() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let (namespace, chat) = (acme.namespace(), acme.chat.conversation);
    let looker = Socket::enter_by_cookie(&server, &namespace, &acme.viewer.cookie()).await;
    let recruiter = Socket::enter_by_cookie(&server, &namespace, &acme.recruiter.cookie()).await;
    let candidate = Socket::enter(&server, &namespace, json!({ "link": acme.chat.link })).await;
    let post = |body: &str| json!({ "conversation": chat, "client_id": client_id(), "body": body });

    let steps: [(&Socket, &str, Value, &str); 6] = [
        (&candidate, "message:post", post("Hello"), "enqueued"),
        (&recruiter, "queue:next", json!({}), "claimed"),
        (&candidate, "message:post", post("Again"), "enqueued"),
        (&recruiter, "queue:resolve", json!({ "conversation": chat, "seen_seq": 1 }), "resolved"),
        (&recruiter, "conversation:update", json!({ "conversation": chat, "status": "snoozed" }), "snoozed"),
        (&candidate, "message:post", post("Awake"), "enqueued"),
    ];
    for (socket, event, payload, reason) in steps {
        looker.forget();
        socket.ask(event, payload).await;
        let told = looker.event("queue:changed", |told| told["reason"] == reason).await;
        assert_eq!(told["project"], json!(acme.project.id));
        let announced = json!([told["waiting"], told["claimed"], told["oldest_enqueued_at"]]);
        assert_eq!(announced, numbers(&looker, &acme).await, "after {event}");
        assert_eq!(told["entry"]["conversation"], json!(chat));
        assert!(told["entry"].get("lease").is_none() && told.get("lease").is_none(), "the token is its holder's");
    }
    assert_eq!(candidate.heard("queue:changed").len(), 0, "a candidate hears nothing of the queue");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_runs_out_through_a_restart_and_the_entry_waits_at_its_old_place() {
    let mut server = Server::start_with(&["--rate-limits", "off", "--lease-seconds", "1"]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let post = json!({ "conversation": acme.chat.conversation, "client_id": client_id(), "body": "Hello" });
    candidate.ask("message:post", post).await;
    let program = Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
    let claimed = program.ask("queue:next", json!({})).await;
    assert_eq!(claimed["entry"]["state"], "claimed");
    server.restart().await;
    let program = Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
    let waiting = until("the lease to run out", || async {
        let overview = program.ask("queue:overview", json!({ "limit": 10 })).await;
        let entry = overview["entries"][0].clone();
        (entry["state"] == "waiting").then_some(entry)
    })
    .await;
    assert_eq!(waiting["enqueued_at"], claimed["entry"]["enqueued_at"]);
    assert_eq!(waiting["due_at"], claimed["entry"]["due_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_without_any_socket_loses_the_claim() {
    let server = Server::start_with(&["--rate-limits", "off", "--absence-seconds", "1"]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let post = json!({ "conversation": acme.chat.conversation, "client_id": client_id(), "body": "Hello" });
    candidate.ask("message:post", post).await;
    let looker = Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
    let recruiter = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.recruiter.cookie()).await;
    recruiter.ask("queue:next", json!({})).await;
    drop(recruiter);
    let told = looker.event("queue:changed", |told| told["reason"] == "released" || told["reason"] == "expired").await;
    assert_eq!((&told["waiting"], &told["claimed"]), (&json!(1), &json!(0)));
}
