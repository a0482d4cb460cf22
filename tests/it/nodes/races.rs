//! Two requests for one queue entry on different servers at the same time: one decides, and the other sees it.

use chrono::TimeDelta;
use hearback::{
    app::{
        App,
        queue::{self, Claimed, Resolve},
    },
    domain::{access::Actor, ids::ConversationId, problem::Code},
};

use super::cluster::Cluster;
use crate::harness::{
    Chat, Tenant,
    act::{answer, entry, reply, write},
};

/// How often each race is run; `HEARBACK_RACES` sets another number.
fn rounds() -> usize {
    std::env::var("HEARBACK_RACES").ok().map_or(60, |number| number.parse().unwrap())
}

/// How many steps each of many people takes at once.
fn steps() -> usize {
    rounds().min(500)
}

type Held = (uuid::Uuid, String);

/// Who the store says holds a conversation's entry, with the lease's token.
async fn holder(app: &App, acme: &Tenant, conversation: ConversationId) -> Option<Held> {
    let claim = entry(app, &acme.owner.actor, conversation).await?.claim?;
    Some((claim.holder.id, claim.lease.token.0))
}

fn held_by(actor: &Actor, claimed: &Claimed) -> Held {
    (actor.member().unwrap().id(), claimed.lease.token.0.clone())
}

async fn next(app: App, actor: Actor) -> Option<Held> {
    let claimed = queue::next(&app, &actor, None).await.unwrap()?;
    Some(held_by(&actor, &claimed))
}

/// Takes the entry out of the queue, so that the next round has the queue to itself.
async fn finish(app: &App, actor: &Actor, conversation: ConversationId) {
    queue::claim(app, actor, conversation, true).await.unwrap();
    queue::resolve(app, actor, Resolve { conversation, lease: None, seen_seq: None }).await.unwrap();
}

/// Three servers, an organization, and a conversation that waits.
async fn race() -> (Cluster, Tenant, Chat) {
    let cluster = Cluster::start(3).await;
    let acme = Tenant::create(&cluster.apps[0], "acme").await;
    let chat = acme.chat.clone();
    (cluster, acme, chat)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_and_a_next_on_other_servers_give_one_holder() {
    let (cluster, acme, chat) = race().await;
    let [one, two, three] = &cluster.apps[..] else { panic!("three servers") };
    for round in 0..rounds() {
        write(one, &chat, "Hello").await;
        let (app, actor, conversation) = (one.clone(), acme.recruiter.actor.clone(), chat.conversation);
        let claim = tokio::spawn(async move {
            let claimed = queue::claim(&app, &actor, conversation, false).await;
            claimed.map(|claimed| held_by(&actor, &claimed)).map_err(|problem| problem.code)
        });
        let second = tokio::spawn(next(two.clone(), acme.colleague.actor.clone()));
        let third = tokio::spawn(next(three.clone(), acme.api.clone()));
        let claimed = claim.await.unwrap();
        if let Err(code) = claimed {
            assert_eq!(code, Code::ClaimedByOther, "round {round}");
        }
        let granted: Vec<Held> =
            [claimed.ok(), second.await.unwrap(), third.await.unwrap()].into_iter().flatten().collect();
        assert_eq!(granted.len(), 1, "round {round}: {granted:?}");
        assert_eq!(holder(one, &acme, chat.conversation).await.as_ref(), granted.first(), "round {round}");
        finish(one, &acme.owner.actor, chat.conversation).await;
    }
    assert_eq!(cluster.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_on_one_server_leaves_a_claim_made_on_another() {
    let (cluster, acme, chat) = race().await;
    let [one, two, three] = &cluster.apps[..] else { panic!("three servers") };
    for round in 0..rounds() {
        let first = write(one, &chat, "Hello").await;
        write(one, &chat, "Are you there?").await;
        let (app, actor, talk) = (one.clone(), acme.recruiter.actor.clone(), chat.clone());
        let replied = tokio::spawn(async move { answer(&app, &actor, &talk, reply(first)).await.map(drop) });
        let second = tokio::spawn(next(two.clone(), acme.colleague.actor.clone()));
        let third = tokio::spawn(next(three.clone(), acme.api.clone()));
        if let Err(problem) = replied.await.unwrap() {
            assert_eq!(problem.code, Code::ClaimedByOther, "round {round}");
        }
        let granted: Vec<Held> = [second.await.unwrap(), third.await.unwrap()].into_iter().flatten().collect();
        assert_eq!(granted.len(), 1, "round {round}: one of two requests gets what waits");
        assert_eq!(holder(two, &acme, chat.conversation).await.as_ref(), granted.first(), "round {round}");
        finish(one, &acme.owner.actor, chat.conversation).await;
    }
    assert_eq!(cluster.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ends_while_every_server_sweeps_is_given_to_one_other() {
    let (cluster, acme, chat) = race().await;
    let [one, two, three] = &cluster.apps[..] else { panic!("three servers") };
    for round in 0..rounds() {
        write(one, &chat, "Hello").await;
        queue::claim(one, &acme.recruiter.actor, chat.conversation, true).await.unwrap();
        cluster.pass(one.settings.lease + TimeDelta::seconds(1));
        let sweeps: Vec<_> = cluster
            .apps
            .iter()
            .cloned()
            .map(|app| tokio::spawn(async move { queue::sweep(&app).await.unwrap() }))
            .collect();
        let second = tokio::spawn(next(two.clone(), acme.colleague.actor.clone()));
        let third = tokio::spawn(next(three.clone(), acme.api.clone()));
        let granted: Vec<Held> = [second.await.unwrap(), third.await.unwrap()].into_iter().flatten().collect();
        for sweep in sweeps {
            sweep.await.unwrap();
        }
        assert_eq!(granted.len(), 1, "round {round}: {granted:?}");
        assert_eq!(holder(two, &acme, chat.conversation).await.as_ref(), granted.first(), "round {round}");
        finish(one, &acme.owner.actor, chat.conversation).await;
    }
    assert_eq!(cluster.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn next_finds_what_waits_while_another_server_writes_to_it() {
    let (cluster, acme, chat) = race().await;
    let [one, two, _] = &cluster.apps[..] else { panic!("three servers") };
    for round in 0..rounds() {
        write(one, &chat, "Hello").await;
        let (app, talk) = (one.clone(), chat.clone());
        let posted = tokio::spawn(async move { write(&app, &talk, "One more thing").await });
        let got = next(two.clone(), acme.colleague.actor.clone()).await;
        posted.await.unwrap();
        assert!(got.is_some(), "round {round}: nothing waits, it said");
        let waiting = entry(one, &acme.owner.actor, chat.conversation).await.unwrap();
        assert_eq!(waiting.unread, 2, "round {round}: the claim lost a message");
        finish(one, &acme.owner.actor, chat.conversation).await;
    }
}

/// One person's work on one server: whatever is refused is refused for a reason that people can see.
async fn work(app: App, actor: Actor, chats: Vec<Chat>, seed: usize) {
    for step in 0..steps() {
        let chat = &chats[(seed * 7 + step * 13) % chats.len()];
        let outcome = match (seed + step) % 4 {
            0 => queue::next(&app, &actor, None).await.map(drop),
            1 => answer(&app, &actor, chat, reply(i64::MAX)).await.map(drop),
            2 => queue::claim(&app, &actor, chat.conversation, false).await.map(drop),
            _ => queue::release_all_of(&app, actor.author().kind, actor.member().unwrap().id(), None).await,
        };
        if let Err(problem) = outcome {
            let expected = [Code::ClaimedByOther, Code::ClaimLost, Code::NotFound];
            assert!(expected.contains(&problem.code), "{problem:?}");
        }
        queue::sweep(&app).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_several_servers_over_the_same_conversations_never_deadlock() {
    let (cluster, acme, _) = race().await;
    let mut chats = Vec::new();
    for number in 0..12 {
        chats.push(acme.add_candidate(&cluster.apps[0], &format!("candidate {number}")).await);
    }
    let mut tasks = Vec::new();
    for (number, app) in cluster.apps.iter().enumerate() {
        for actor in [&acme.recruiter.actor, &acme.colleague.actor, &acme.api] {
            tasks.push(tokio::spawn(work(app.clone(), actor.clone(), chats.clone(), number + tasks.len())));
        }
        for writer in 0..6 {
            let (app, chats) = (app.clone(), chats.clone());
            tasks.push(tokio::spawn(async move {
                for step in 0..steps() {
                    write(&app, &chats[(writer * 5 + step * 7) % chats.len()], "Hello").await;
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(cluster.deadlocks().await, 0);
}
