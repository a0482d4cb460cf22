//! Who is next.

use chrono::TimeDelta;
use hearback::{
    app::{conversations, queue},
    domain::{
        conversation::ConversationChange,
        problem::Code,
        queue::{EntryState, Priority},
    },
};

use crate::harness::{
    Hall, Tenant,
    act::{answer, entry, line, next, reply, token, write},
};

async fn set_priority(hall: &Hall, acme: &Tenant, chat: &crate::harness::Chat, priority: Priority) {
    let change = ConversationChange { priority: Some(priority), ..ConversationChange::default() };
    conversations::update(&hall.app, &acme.owner.actor, chat.conversation, change).await.unwrap();
}

#[tokio::test]
async fn within_a_priority_the_first_in_is_the_first_out() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let mut came = Vec::new();
    for number in 0..5 {
        let chat = acme.add_candidate(&hall.app, &format!("candidate {number}")).await;
        write(&hall.app, &chat, "Hello").await;
        came.push(chat.conversation);
        // Two of them in the same millisecond.
        hall.pass(TimeDelta::milliseconds(number % 2));
    }
    // A later message joins the entry and moves nothing.
    let first = acme.add_candidate(&hall.app, "last").await;
    write(&hall.app, &first, "Hello").await;
    came.push(first.conversation);
    assert_eq!(line(&hall.app, &acme.owner.actor).await, came);
    let mut served = Vec::new();
    while let Some(claimed) = next(&hall.app, &acme.recruiter.actor).await {
        served.push(claimed.entry.conversation);
    }
    assert_eq!(served, came);
}

#[tokio::test]
async fn a_later_message_joins_the_entry_at_its_place() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "First").await;
    let before = entry(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    hall.pass(TimeDelta::minutes(9));
    write(&hall.app, &acme.chat, "Second").await;
    let after = entry(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    assert_eq!((after.unread, after.first_seq, after.last_seq), (2, 1, 2));
    assert_eq!((after.id, after.enqueued_at, after.due_at), (before.id, before.enqueued_at, before.due_at));
    assert_eq!(after.preview, "First", "the oldest that nobody has answered");
}

#[tokio::test]
async fn the_queue_is_served_in_order_of_due_at_and_nothing_starves() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let low = acme.add_candidate(&hall.app, "low").await;
    set_priority(&hall, &acme, &low, Priority::Low).await;
    write(&hall.app, &low, "No hurry").await;
    hall.pass(TimeDelta::hours(21));
    write(&hall.app, &acme.chat, "Normal").await;
    hall.pass(TimeDelta::minutes(150));
    let urgent = acme.add_candidate(&hall.app, "urgent").await;
    set_priority(&hall, &acme, &urgent, Priority::Urgent).await;
    write(&hall.app, &urgent, "Now").await;
    // Due: urgent at 23:45, low at 24:00, normal at 25:00.
    let expected = [urgent.conversation, low.conversation, acme.chat.conversation];
    assert_eq!(line(&hall.app, &acme.owner.actor).await, expected);
}

#[tokio::test]
async fn another_priority_moves_due_at_from_the_same_enqueued_at() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "Hello").await;
    let before = entry(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    hall.pass(TimeDelta::minutes(30));
    set_priority(&hall, &acme, &acme.chat, Priority::Urgent).await;
    let after = entry(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    assert_eq!(after.enqueued_at, before.enqueued_at);
    assert_eq!(after.due_at, before.enqueued_at.plus(TimeDelta::minutes(15)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_simultaneous_next_exactly_one_gets_the_entry() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "Hello").await;
    let actors = [&acme.owner.actor, &acme.recruiter.actor, &acme.colleague.actor, &acme.api];
    let asked = (0..100).map(|number| {
        let (app, actor) = (hall.app.clone(), actors[number % actors.len()].clone());
        tokio::spawn(async move { next(&app, &actor).await })
    });
    let asked: Vec<_> = asked.collect();
    let mut got = 0;
    for task in asked {
        got += usize::from(task.await.unwrap().is_some());
    }
    assert_eq!(got, 1);
}

#[tokio::test]
async fn an_entry_of_somebody_else_is_served_only_once_it_is_overdue() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "Hello").await;
    let change = ConversationChange { assignee: Some(Some(acme.colleague.id)), ..ConversationChange::default() };
    conversations::update(&hall.app, &acme.owner.actor, acme.chat.conversation, change).await.unwrap();
    assert!(next(&hall.app, &acme.recruiter.actor).await.is_none());
    hall.pass(TimeDelta::hours(4) + TimeDelta::milliseconds(1));
    assert!(next(&hall.app, &acme.recruiter.actor).await.is_some());
}

#[tokio::test]
async fn a_released_entry_waits_at_its_old_place_and_releasing_what_waits_is_a_lost_claim() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "First").await;
    hall.pass(TimeDelta::minutes(1));
    let second = acme.add_candidate(&hall.app, "second").await;
    write(&hall.app, &second, "Second").await;
    let claimed = next(&hall.app, &acme.recruiter.actor).await.unwrap();
    let held = acme.chat.conversation;
    queue::release(&hall.app, &acme.recruiter.actor, held, claimed.lease.token.clone()).await.unwrap();
    assert_eq!(line(&hall.app, &acme.owner.actor).await, [held, second.conversation]);
    assert_eq!(entry(&hall.app, &acme.owner.actor, held).await.unwrap().state, EntryState::Waiting);
    for lease in [claimed.lease.token, token("made up")] {
        let refused = queue::release(&hall.app, &acme.recruiter.actor, held, lease).await.unwrap_err();
        assert_eq!(refused.code, Code::ClaimLost);
    }
}

#[tokio::test]
async fn a_reply_to_a_waiting_entry_needs_no_claim() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let seen = write(&hall.app, &acme.chat, "Hello").await;
    answer(&hall.app, &acme.recruiter.actor, &acme.chat, reply(seen)).await.unwrap();
    assert_eq!(line(&hall.app, &acme.owner.actor).await, []);
}

#[tokio::test]
async fn the_preview_is_the_oldest_message_that_nobody_has_answered() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let acme = Tenant::create(&hall.app, "acme").await;
        let preview = async || entry(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap().preview;
        let first = write(&hall.app, &acme.chat, "Is the early shift free?").await;
        write(&hall.app, &acme.chat, "And the late one?").await;
        assert_eq!(preview().await, "Is the early shift free?");
        answer(&hall.app, &acme.recruiter.actor, &acme.chat, reply(first)).await.unwrap();
        assert_eq!(preview().await, "And the late one?", "after a reply to the first alone");
        write(&hall.app, &acme.chat, "Thank you").await;
        assert_eq!(preview().await, "And the late one?");
    }
}
