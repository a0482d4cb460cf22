//! Whose right to be there ends is gone within a second, and hears nothing after.

mod load;
mod nodes;
mod pages;

use std::time::{Duration, Instant};

use hearback::{
    app::{self, actors, sessions},
    domain::{access::Operator, link::Secret},
};
use serde_json::json;

use crate::harness::{Person, Server, Socket, Tenant, act, tenant::HERE, wait::allowed};

async fn signed_in(server: &Server, person: &Person) -> sessions::SignedIn {
    let secret = Secret::parse(&person.session).unwrap();
    sessions::resume(server.app(), &secret, HERE).await.unwrap().unwrap()
}

async fn assert_ended(socket: &Socket, since: Instant, reason: &str) {
    let told = socket.event("session:ended", |_| true).await;
    assert_eq!(told["reason"], reason);
    socket.ended().await;
    assert_in_time(since);
}

fn assert_in_time(since: Instant) {
    assert!(since.elapsed() < allowed(Duration::from_secs(1)), "{:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_is_removed_or_revoked_is_gone_within_a_second() {
    let server = Server::start().await;
    let app = server.app();
    let acme = Tenant::create(app, "acme").await;
    let namespace = acme.namespace();
    let recruiter = Socket::enter_by_cookie(&server, &namespace, &acme.recruiter.cookie()).await;
    let colleague = Socket::enter_by_cookie(&server, &namespace, &acme.colleague.cookie()).await;
    let candidate = Socket::enter(&server, &namespace, json!({ "link": acme.chat.link })).await;
    let program = Socket::enter(&server, &namespace, json!({ "token": acme.token })).await;

    let session = signed_in(&server, &acme.recruiter).await;
    let since = Instant::now();
    sessions::sign_out(app, &session).await.unwrap();
    assert_ended(&recruiter, since, "signed_out").await;

    let since = Instant::now();
    app::members::remove(app, &acme.owner.actor, acme.colleague.id).await.unwrap();
    assert_ended(&colleague, since, "removed").await;

    let since = Instant::now();
    app::links::revoke(app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    assert_ended(&candidate, since, "link_revoked").await;
    let again = Socket::connect(&server, &namespace, json!({ "link": acme.chat.link }), &[]).await;
    assert_eq!(again.err().as_deref(), Some("link_revoked"));

    let (_, api) = actors::bearer(app, &acme.token, HERE).await.unwrap();
    let id = app::tokens::list(app, &acme.owner.actor).await.unwrap()[0].id;
    assert!(api.member().is_ok());
    let since = Instant::now();
    app::tokens::revoke(app, &acme.owner.actor, id).await.unwrap();
    program.event("session:ended", |_| true).await;
    program.ended().await;
    assert_in_time(since);

    for gone in [&recruiter, &colleague, &candidate, &program] {
        gone.forget();
    }
    act::write(app, &acme.add_candidate(app, "later").await, "Is anybody there?").await;
    let owner = Socket::enter_by_cookie(&server, &namespace, &acme.owner.cookie()).await;
    owner.ask("queue:overview", json!({ "limit": 1 })).await;
    for gone in [&recruiter, &colleague, &candidate, &program] {
        assert!(gone.all_heard().is_empty(), "{:?}", gone.all_heard());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_organization_is_empty_within_a_second() {
    let server = Server::start().await;
    let app = server.app();
    let acme = Tenant::create(app, "acme").await;
    let namespace = acme.namespace();
    let recruiter = Socket::enter_by_cookie(&server, &namespace, &acme.recruiter.cookie()).await;
    let candidate = Socket::enter(&server, &namespace, json!({ "link": acme.chat.link })).await;
    let since = Instant::now();
    app::organizations::suspend(app, Operator::command_line(), acme.organization.id).await.unwrap();
    for socket in [&recruiter, &candidate] {
        socket.event("session:ended", |_| true).await;
        socket.ended().await;
    }
    assert_in_time(since);
    let again = Socket::connect(&server, &namespace, json!({ "token": acme.token }), &[]).await;
    assert_eq!(again.err().as_deref(), Some("Invalid namespace"));
}
