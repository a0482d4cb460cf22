//! What is ended on one server ends on the others.

use std::time::Instant;

use hearback::{
    app::{self, sessions},
    domain::{
        access::Operator,
        password::{OwnWords, Password},
        problem::Problem,
        user::Role,
    },
};
use serde_json::json;

use super::{assert_ended, signed_in};
use crate::harness::{Person, Server, Socket, Tenant, act, postgres::Postgres, tenant::PASSWORD, wait::until};

async fn ends(socket: &Socket, reason: &str, act: impl Future<Output = Result<(), Problem>>) {
    act.await.unwrap();
    assert_ended(socket, Instant::now(), reason).await;
    socket.forget();
}

/// Two servers that know the organization.
async fn two(postgres: &Postgres) -> (Server, Server, Tenant) {
    let (one, other) = (Server::start_on(postgres).await, Server::start_on(postgres).await);
    let acme = Tenant::create(one.app(), "acme").await;
    until("the organization on the other server", || async {
        Box::pin(Socket::connect(&other, &acme.namespace(), json!({ "token": acme.token }), &[])).await.ok()
    })
    .await;
    (one, other, acme)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_shut_out_on_one_server_is_gone_from_the_other_within_a_second() {
    let postgres = Postgres::start();
    let (one, other, acme) = two(&postgres).await;
    let (app, namespace, operator) = (one.app(), acme.namespace(), Operator::command_line());
    let mut people = Vec::new();
    for who in ["signs-out", "another-password", "leaves", "removed", "viewer-now", "ended"] {
        people.push(Person::create(app, &acme.organization, who, Role::Recruiter).await);
    }
    let mut sockets = Vec::new();
    for person in &people {
        let socket = Socket::enter_by_cookie(&other, &namespace, &person.cookie()).await;
        socket.ask("conversation:open", json!({ "conversation": acme.chat.conversation })).await;
        sockets.push(socket);
    }
    let erased = acme.add_candidate(app, "to be erased").await;
    let links = [&acme.chat, &erased];
    for chat in links {
        sockets.push(Socket::enter(&other, &namespace, json!({ "link": chat.link })).await);
    }
    sockets.push(Socket::enter(&other, &namespace, json!({ "token": acme.token })).await);
    let owner = Socket::enter_by_cookie(&other, &namespace, &acme.owner.cookie()).await;
    let by = &acme.owner.actor;

    ends(&sockets[0], "signed_out", async { sessions::sign_out(app, &signed_in(&one, &people[0]).await).await }).await;
    ends(&sockets[1], "signed_out", async {
        let new = Password::parse("another walk by the river", &OwnWords::default()).unwrap();
        let me = signed_in(&one, &people[1]).await;
        sessions::change_password(app, &me, [127, 0, 0, 1].into(), PASSWORD, &new).await
    })
    .await;
    ends(&sockets[2], "removed", app::members::remove(app, by, people[2].id)).await;
    ends(&sockets[3], "removed", app::users::remove(app, operator, people[3].id)).await;
    ends(&sockets[4], "removed", app::members::set_role(app, by, people[4].id, Role::Viewer)).await;
    let session = signed_in(&one, &people[5]).await.session.id;
    ends(&sockets[5], "removed", sessions::end_any(app, operator, session)).await;
    ends(&sockets[6], "link_revoked", app::links::revoke(app, by, acme.chat.conversation)).await;
    ends(&sockets[7], "link_revoked", app::candidates::erase(app, by, erased.added.candidate.id)).await;
    let token = app::tokens::list(app, by).await.unwrap()[0].id;
    ends(&sockets[8], "removed", app::tokens::revoke(app, by, token)).await;

    act::write(app, &acme.add_candidate(app, "later").await, "Is anybody there?").await;
    owner.event("queue:changed", |told| told["reason"] == "enqueued").await;
    for gone in &sockets {
        assert!(gone.all_heard().is_empty(), "{:?}", gone.all_heard());
    }
    ends(&owner, "removed", app::organizations::suspend(app, operator, acme.organization.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_a_projects_team_hears_nothing_of_it_from_then_on() {
    let postgres = Postgres::start();
    let (one, other, acme) = two(&postgres).await;
    let (app, namespace, conversation) = (one.app(), acme.namespace(), acme.chat.conversation);
    let open = json!({ "conversation": conversation });
    let leaves = Socket::enter_by_cookie(&other, &namespace, &acme.recruiter.cookie()).await;
    let stays = Socket::enter_by_cookie(&other, &namespace, &acme.colleague.cookie()).await;
    for socket in [&leaves, &stays] {
        socket.ask("conversation:open", open.clone()).await;
    }
    act::write(app, &acme.chat, "before").await;
    leaves.event("message:posted", |told| told["message"]["body"] == "before").await;
    leaves.event("queue:changed", |_| true).await;

    let team = vec![acme.owner.id, acme.colleague.id];
    app::projects::set_team(app, &acme.owner.actor, acme.project.id, true, team).await.unwrap();
    act::write(app, &acme.chat, "after").await;
    stays.event("message:posted", |told| told["message"]["body"] == "after").await;
    stays.event("queue:changed", |told| told["entry"]["unread"] == 2).await;
    // What is asked is answered after what was told before it.
    for (request, payload) in [("conversation:open", open), ("project:join", json!({ "project": acme.project.id }))] {
        assert_eq!(leaves.refused(request, payload).await, "not_found");
    }
    let told = json!(leaves.all_heard()).to_string();
    assert!(!told.contains("after"), "{told}");
    assert_eq!(leaves.heard("message:posted").len(), 1);
    assert_eq!(leaves.heard("queue:changed").len(), 1);
}
