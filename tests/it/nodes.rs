//! Several servers on one PostgreSQL are one.

mod clocks;
pub mod cluster;
mod races;
mod stopped;

use hearback::store::{Announcing, Pools, Store};
use serde_json::json;

use crate::harness::{
    Server, Socket, Tenant,
    act::{client_id, write},
    postgres::Postgres,
    wait::{until, within},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_on_one_server_is_told_on_the_other() {
    let postgres = Postgres::start();
    let (one, other) = (Server::start_on(&postgres).await, Server::start_on(&postgres).await);
    let acme = Tenant::create(one.app(), "acme").await;
    let (namespace, conversation) = (acme.namespace(), acme.chat.conversation);
    // The other learns of the organization by the bus.
    until("the organization on the other server", || async {
        Box::pin(Socket::connect(&other, &namespace, json!({ "token": acme.token }), &[])).await.ok()
    })
    .await;
    let candidate = Socket::enter(&one, &namespace, json!({ "link": acme.chat.link })).await;
    let recruiter = Socket::enter_by_cookie(&other, &namespace, &acme.recruiter.cookie()).await;
    recruiter.ask("conversation:open", json!({ "conversation": conversation })).await;
    let post =
        |body: &str| json!({ "conversation": conversation, "client_id": client_id(), "body": body, "seen_seq": 9 });
    let posted = candidate.ask("message:post", post("Hello")).await;
    let told = recruiter.event("message:posted", |_| true).await;
    assert_eq!(told["message"], posted["message"]);
    let queued = recruiter.event("queue:changed", |told| told["reason"] == "enqueued").await;
    assert_eq!((&queued["waiting"], &queued["claimed"]), (&json!(1), &json!(0)));
    recruiter.ask("message:post", post("Welcome")).await;
    candidate.event("message:posted", |told| told["message"]["body"] == "Welcome").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_simultaneous_next_on_two_servers_exactly_one_gets_the_entry() {
    let postgres = Postgres::start();
    let (one, other) = (Server::start_on(&postgres).await, Server::start_on(&postgres).await);
    let acme = Tenant::create(one.app(), "acme").await;
    crate::harness::act::write(one.app(), &acme.chat, "Hello").await;
    let actors = [&acme.owner.actor, &acme.recruiter.actor, &acme.colleague.actor, &acme.api];
    let asked: Vec<_> = (0..100)
        .map(|number| {
            let app = if number % 2 == 0 { one.app() } else { other.app() }.clone();
            let actor = actors[number % actors.len()].clone();
            tokio::spawn(async move { hearback::app::queue::next(&app, &actor, None).await })
        })
        .collect();
    let mut got = 0;
    for task in asked {
        got += usize::from(within("an answer", task).await.unwrap().unwrap().is_some());
    }
    assert_eq!(got, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_that_write_at_once_leave_no_gap_and_no_double() {
    let postgres = Postgres::start();
    let (one, other) = (Server::start_on(&postgres).await, Server::start_on(&postgres).await);
    let acme = Tenant::create(one.app(), "acme").await;
    let writes: Vec<_> = (0..100)
        .map(|number| {
            let app = if number % 2 == 0 { one.app() } else { other.app() }.clone();
            let chat = acme.chat.clone();
            tokio::spawn(async move { crate::harness::act::write(&app, &chat, &number.to_string()).await })
        })
        .collect();
    let mut seqs = Vec::new();
    for task in writes {
        seqs.push(within("an answer", task).await.unwrap());
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=100).collect::<Vec<_>>());
    let entries = crate::harness::act::entries(one.app(), &acme.owner.actor).await;
    assert_eq!(entries.iter().map(|entry| entry.unread).collect::<Vec<_>>(), [100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_could_not_hear_tells_what_it_missed() {
    let postgres = Postgres::start();
    let server = Server::start_on(&postgres).await;
    let acme = Tenant::create(server.app(), "acme").await;
    let recruiter = Socket::enter(&server, &acme.namespace(), json!({ "token": acme.token })).await;
    recruiter.ask("conversation:open", json!({ "conversation": acme.chat.conversation })).await;

    // Committed as by a node whose word does not get through.
    let pools = Pools::open(&postgres.url()).await.unwrap();
    let (store, _) = Store::start(pools.clone(), server.clock.clone(), Announcing::Nobody, std::sync::Arc::default());
    let mut mute = server.app().clone();
    mute.store = store;
    write(&mute, &acme.chat, "Does anybody hear me?").await;
    // Committed after it and announced: on the way of announcements it comes after everything that was announced before.
    let other = acme.add_candidate(server.app(), "announced").await;
    write(server.app(), &other, "Hello").await;
    recruiter.event("queue:changed", |told| told["entry"]["conversation"] == json!(other.conversation)).await;
    assert!(recruiter.heard("message:posted").is_empty(), "it was not announced");
    recruiter.forget();

    let Pools::Postgres(pool) = &pools else { panic!("this is PostgreSQL") };
    let ended = sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    assert_eq!(ended.execute(pool).await.unwrap().rows_affected(), 1, "the node was listening");
    recruiter.event("message:posted", |told| told["message"]["body"] == "Does anybody hear me?").await;
    recruiter.event("queue:changed", |told| told["waiting"] == 2).await;
}
