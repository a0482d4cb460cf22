//! What sets an entry aside or ends it without a reply, and what does not.

use chrono::TimeDelta;
use hearback::{
    app::{conversations, messages, notes, notes::PostNote, queue},
    domain::{
        conversation::{ConversationChange, ConversationStatus},
        problem::Code,
        queue::EntryState,
    },
};

use crate::harness::{
    Hall, Tenant,
    act::{body, client_id, entry, next, write},
};

fn status(status: ConversationStatus) -> ConversationChange {
    ConversationChange { status: Some(status), ..ConversationChange::default() }
}

async fn change(hall: &Hall, acme: &Tenant, change: ConversationChange) {
    conversations::update(&hall.app, &acme.recruiter.actor, acme.chat.conversation, change).await.unwrap();
}

#[tokio::test]
async fn reading_and_noting_handle_nothing() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor, chat) = (&hall.app, &acme.recruiter.actor, acme.chat.conversation);
    let seen = write(app, &acme.chat, "Hello").await;
    let before = entry(app, actor, chat).await;
    conversations::open(app, actor, chat).await.unwrap();
    messages::mark_read(app, actor, chat, seen).await.unwrap();
    let note = PostNote { conversation: chat, client_id: client_id(), body: body("Call back."), origin: None };
    notes::post(app, actor, note).await.unwrap();
    assert_eq!(entry(app, actor, chat).await, before);
}

#[tokio::test]
async fn a_snoozed_entry_waits_again_at_its_time_with_its_first_enqueued_at() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor, chat) = (&hall.app, &acme.recruiter.actor, acme.chat.conversation);
    write(app, &acme.chat, "Hello").await;
    let before = entry(app, actor, chat).await.unwrap();
    let until = hall.clock.now().plus(TimeDelta::hours(2));
    change(&hall, &acme, ConversationChange { snooze_until: Some(until), ..status(ConversationStatus::Snoozed) }).await;
    assert!(next(app, actor).await.is_none());
    hall.pass(TimeDelta::hours(2) - TimeDelta::milliseconds(1));
    queue::sweep(app).await.unwrap();
    assert_eq!(entry(app, actor, chat).await, None);
    hall.pass(TimeDelta::milliseconds(1));
    queue::sweep(app).await.unwrap();
    assert_eq!(entry(app, actor, chat).await.unwrap(), before);
}

#[tokio::test]
async fn a_snoozed_entry_waits_again_at_once_when_the_candidate_writes() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor, chat) = (&hall.app, &acme.recruiter.actor, acme.chat.conversation);
    write(app, &acme.chat, "Hello").await;
    let first = entry(app, actor, chat).await.unwrap().enqueued_at;
    let until = hall.clock.now().plus(TimeDelta::hours(2));
    change(&hall, &acme, ConversationChange { snooze_until: Some(until), ..status(ConversationStatus::Snoozed) }).await;
    hall.pass(TimeDelta::minutes(3));
    write(app, &acme.chat, "Are you there?").await;
    let back = entry(app, actor, chat).await.unwrap();
    assert_eq!((back.state, back.unread, back.enqueued_at), (EntryState::Waiting, 2, first));
    let conversation = conversations::find(app, actor, chat).await.unwrap().conversation;
    assert_eq!((conversation.status, conversation.snooze_until), (ConversationStatus::Open, None));
}

#[tokio::test]
async fn closing_ends_the_entry_and_a_later_message_opens_the_conversation_again() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor, chat) = (&hall.app, &acme.recruiter.actor, acme.chat.conversation);
    write(app, &acme.chat, "I withdraw.").await;
    change(&hall, &acme, status(ConversationStatus::Closed)).await;
    assert_eq!(entry(app, actor, chat).await, None);
    hall.pass(TimeDelta::days(1));
    write(app, &acme.chat, "I have thought again.").await;
    let anew = entry(app, actor, chat).await.unwrap();
    assert_eq!((anew.unread, anew.first_seq, anew.enqueued_at), (1, 2, hall.clock.now()));
    let conversation = conversations::find(app, actor, chat).await.unwrap().conversation;
    assert_eq!(conversation.status, ConversationStatus::Open);
}

#[tokio::test]
async fn nobody_sets_aside_or_closes_what_another_holds() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, chat) = (&hall.app, acme.chat.conversation);
    write(app, &acme.chat, "Hello").await;
    next(app, &acme.colleague.actor).await.unwrap();
    for to in [ConversationStatus::Closed, ConversationStatus::Snoozed] {
        let refused = conversations::update(app, &acme.recruiter.actor, chat, status(to)).await.unwrap_err();
        assert_eq!(refused.code, Code::ClaimedByOther);
    }
    assert_eq!(entry(app, &acme.owner.actor, chat).await.unwrap().state, EntryState::Claimed);
}

#[tokio::test]
async fn a_removed_member_holds_nothing_any_more() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, chat) = (&hall.app, acme.chat.conversation);
    write(app, &acme.chat, "Hello").await;
    let before = entry(app, &acme.owner.actor, chat).await.unwrap();
    next(app, &acme.colleague.actor).await.unwrap();
    hearback::app::members::remove(app, &acme.owner.actor, acme.colleague.id).await.unwrap();
    assert_eq!(entry(app, &acme.owner.actor, chat).await.unwrap(), before);
}
