//! What waits in a closed project: nobody can answer it, so it is in no list and no number until the project opens again.

use std::sync::Arc;

use chrono::TimeDelta;
use hearback::{
    app::{
        App, conversations,
        messages::{self, Post},
        projects, queue,
        queue::Resolve,
    },
    domain::{
        conversation::{ConversationChange, ConversationStatus},
        message::NewMessage,
        problem::Code,
        queue::EntryState,
    },
    store::{Announcing, Store},
};
use serde_json::json;

use crate::harness::{
    Hall, Server, Socket, Tenant,
    act::{answer, body, client_id, entry, line, next, reply, write},
};

/// Everything that counts what waits: the queue's numbers, the views', the project's, the metrics' and the alerts'.
async fn waiting(hall: &Hall, acme: &Tenant) -> [i64; 6] {
    let (app, actor) = (&hall.app, &acme.owner.actor);
    let numbers = queue::numbers(app, actor, None).await.unwrap();
    let views = conversations::counts(app, actor, None).await.unwrap();
    let project = projects::list(app, actor).await.unwrap().remove(0);
    let depth = queue::depth::everywhere(app).await.unwrap();
    let overdue = i64::try_from(queue::overdue::everywhere(app).await.unwrap().len()).unwrap();
    [
        numbers.counts.waiting + numbers.counts.claimed,
        numbers.overdue,
        views.waiting,
        project.waiting + project.claimed,
        depth.waiting + depth.claimed,
        overdue,
    ]
}

#[tokio::test]
async fn no_entry_waits_that_nobody_can_answer() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let app = hall.app.clone();
        let acme = Tenant::create(&app, "acme").await;
        let held = acme.add_candidate(&app, "held").await;
        write(&app, &held, "Am I next?").await;
        hall.pass(TimeDelta::minutes(1));
        write(&app, &acme.chat, "Did I get the job?").await;
        hall.pass(TimeDelta::hours(5));
        let claimed = next(&app, &acme.recruiter.actor).await.unwrap();
        assert_eq!(claimed.entry.conversation, held.conversation);
        assert_eq!(waiting(&hall, &acme).await, [2, 2, 2, 2, 2, 1]);

        projects::close(&app, &acme.owner.actor, acme.project.id).await.unwrap();
        assert_eq!(waiting(&hall, &acme).await, [0; 6]);
        assert_eq!(line(&app, &acme.owner.actor).await, []);
        assert!(next(&app, &acme.recruiter.actor).await.is_none());
        let refused = queue::claim(&app, &acme.recruiter.actor, held.conversation, true).await.unwrap_err();
        assert_eq!(refused.code, Code::ProjectClosed);
        let refused = answer(&app, &acme.recruiter.actor, &acme.chat, reply(1)).await.unwrap_err();
        assert_eq!(refused.code, Code::ProjectClosed);
        let opened = conversations::open(&app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
        assert!(opened.entry.is_none());
        assert_eq!(opened.set_aside.unwrap().state, EntryState::Paused);

        projects::reopen(&app, &acme.owner.actor, acme.project.id).await.unwrap();
        assert_eq!(waiting(&hall, &acme).await, [2, 2, 2, 2, 2, 2]);
        assert_eq!(line(&app, &acme.owner.actor).await, [held.conversation, acme.chat.conversation], "the old places");
        let back = entry(&app, &acme.owner.actor, held.conversation).await.unwrap();
        assert_eq!((back.state, back.enqueued_at), (EntryState::Waiting, claimed.entry.enqueued_at));
        assert_eq!(back.claim, None, "the claim ended");
    }
}

#[tokio::test]
async fn what_is_snoozed_wakes_in_a_closed_project_without_waiting() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let app = hall.app.clone();
        let acme = Tenant::create(&app, "acme").await;
        let conversation = acme.chat.conversation;
        write(&app, &acme.chat, "Did I get the job?").await;
        let change = ConversationChange {
            status: Some(ConversationStatus::Snoozed),
            snooze_until: Some(app.clock.now().plus(TimeDelta::hours(1))),
            ..ConversationChange::default()
        };
        conversations::update(&app, &acme.owner.actor, conversation, change).await.unwrap();
        projects::close(&app, &acme.owner.actor, acme.project.id).await.unwrap();
        hall.pass(TimeDelta::hours(9));
        queue::sweep(&app).await.unwrap();
        assert_eq!(waiting(&hall, &acme).await, [0; 6]);
        projects::reopen(&app, &acme.owner.actor, acme.project.id).await.unwrap();
        assert_eq!(line(&app, &acme.owner.actor).await, [conversation]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_on_one_server_while_another_closes_the_project_is_refused_or_paused() {
    let hall = Hall::postgres().await;
    let metrics = Arc::default();
    let (store, _) = Store::start(hall.pools.clone(), hall.clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
    let other = App { store, metrics, ..hall.app.clone() };
    let acme = Tenant::create(&hall.app, "acme").await;
    let mut chats = Vec::new();
    for number in 0..8 {
        chats.push(acme.add_candidate(&hall.app, &format!("candidate {number}")).await);
    }
    for round in 0..10 {
        let writing = chats.iter().map(|chat| {
            let (app, chat) = (hall.app.clone(), chat.clone());
            tokio::spawn(async move {
                let message =
                    NewMessage { conversation: chat.conversation, client_id: client_id(), body: body("Hello") };
                match messages::post(&app, &chat.actor, Post { message, reply: None, origin: None }).await {
                    Ok(_) => true,
                    Err(problem) if problem.code == Code::ProjectClosed => false,
                    Err(problem) => panic!("{problem}"),
                }
            })
        });
        let writing: Vec<_> = writing.collect();
        let taken = next(&hall.app, &acme.recruiter.actor);
        let (closed, _) = tokio::join!(projects::close(&other, &acme.owner.actor, acme.project.id), taken);
        closed.unwrap();
        for task in writing {
            task.await.unwrap();
        }
        assert_eq!(waiting(&hall, &acme).await, [0; 6], "round {round}");
        assert_eq!(line(&hall.app, &acme.owner.actor).await, []);
        projects::reopen(&other, &acme.owner.actor, acme.project.id).await.unwrap();
    }
    let waiting = line(&hall.app, &acme.owner.actor).await.len();
    assert!(waiting > 0, "some were written in time");
}

#[tokio::test]
async fn what_is_paused_can_still_be_marked_as_done() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "Did I get the job?").await;
    projects::close(&hall.app, &acme.owner.actor, acme.project.id).await.unwrap();
    let done = Resolve { conversation: acme.chat.conversation, lease: None, seen_seq: Some(1) };
    queue::resolve(&hall.app, &acme.recruiter.actor, done).await.unwrap();
    projects::reopen(&hall.app, &acme.owner.actor, acme.project.id).await.unwrap();
    assert_eq!(line(&hall.app, &acme.owner.actor).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_and_opening_a_project_is_announced_with_the_stores_numbers() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let looker = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.viewer.cookie()).await;
    let chat = acme.chat.conversation;
    let post = json!({ "conversation": chat, "client_id": client_id(), "body": "Hello" });
    candidate.ask("message:post", post).await;
    projects::close(server.app(), &acme.owner.actor, acme.project.id).await.unwrap();
    let told = looker.event("queue:changed", |told| told["reason"] == "paused").await;
    assert_eq!(json!([told["waiting"], told["claimed"], told["oldest_enqueued_at"]]), json!([0, 0, null]));
    assert_eq!(json!([told["entry"]["conversation"], told["entry"]["state"]]), json!([chat, "paused"]));
    looker.forget();
    projects::reopen(server.app(), &acme.owner.actor, acme.project.id).await.unwrap();
    let told = looker.event("queue:changed", |told| told["reason"] == "enqueued").await;
    assert_eq!(json!([told["waiting"], told["entry"]["state"]]), json!([1, "waiting"]));
}
