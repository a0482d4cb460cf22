//! A candidate who asks for a new chat link waits in the queue until it is made, or somebody decides otherwise.

use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use hearback::{
    app::{conversations, links, projects, queue, queue::Resolve},
    domain::{
        conversation::{ConversationChange, ConversationStatus},
        queue::{EntryState, Outcome},
    },
};

use crate::harness::{
    Hall, Tenant,
    act::{answer, entry, line, next, reply, write},
};

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn ask(hall: &Hall, acme: &Tenant) {
    links::revoke(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    links::ask_for_new(&hall.app, &acme.chat.link, ADDRESS).await.unwrap();
}

async fn outcome(hall: &Hall, acme: &Tenant) -> Option<Outcome> {
    conversations::open(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap().outcome
}

#[tokio::test]
async fn asking_for_a_link_waits_like_a_message_until_the_link_is_made() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        let chat = acme.chat.conversation;
        ask(&hall, &acme).await;
        assert_eq!(line(&app, &acme.owner.actor).await, [chat]);
        let waits = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((waits.unread, waits.asks_for_link, waits.preview.as_str()), (0, true, "Asks for a new link"));
        assert_eq!(waits.due_at, waits.enqueued_at.plus(TimeDelta::hours(4)));
        assert_eq!(queue::numbers(&app, &acme.owner.actor, None).await.unwrap().counts.waiting, 1);
        assert_eq!(next(&app, &acme.recruiter.actor).await.unwrap().entry.conversation, chat);
        answer(&app, &acme.recruiter.actor, &acme.chat, reply(0)).await.unwrap();
        assert_eq!(line(&app, &acme.owner.actor).await, [chat], "a reply cannot reach the candidate");
        links::issue(&app, &acme.recruiter.actor, chat).await.unwrap();
        assert_eq!(line(&app, &acme.owner.actor).await, []);
        assert_eq!(outcome(&hall, &acme).await, Some(Outcome::LinkMade));
    }
}

#[tokio::test]
async fn a_request_joins_what_waits_and_neither_ends_the_other() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        let chat = acme.chat.conversation;
        write(&app, &acme.chat, "Is it still free?").await;
        let before = entry(&app, &acme.owner.actor, chat).await.unwrap();
        hall.pass(TimeDelta::minutes(5));
        ask(&hall, &acme).await;
        let both = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((both.id, both.enqueued_at, both.unread), (before.id, before.enqueued_at, 1));
        assert!(both.asks_for_link && both.preview == "Is it still free?", "{both:?}");
        answer(&app, &acme.recruiter.actor, &acme.chat, reply(1)).await.unwrap();
        let left = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((left.unread, left.asks_for_link, left.preview.as_str()), (0, true, "Asks for a new link"));
        write(&app, &acme.chat, "Thank you").await;
        let more = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((more.unread, more.first_seq, more.last_seq), (1, 3, 3));
        assert_eq!(more.preview, "Thank you");
        links::issue(&app, &acme.recruiter.actor, chat).await.unwrap();
        let message = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((message.unread, message.asks_for_link), (1, false), "the message still waits");
    }
}

#[tokio::test]
async fn no_reply_needed_ends_a_request_and_can_be_undone() {
    let hall = Hall::sqlite().await;
    let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
    let chat = acme.chat.conversation;
    ask(&hall, &acme).await;
    let before = entry(&app, &acme.owner.actor, chat).await.unwrap();
    queue::resolve(&app, &acme.recruiter.actor, Resolve { conversation: chat, lease: None, seen_seq: Some(0) })
        .await
        .unwrap();
    assert_eq!(outcome(&hall, &acme).await, Some(Outcome::NoReplyNeeded));
    queue::put_back(&app, &acme.recruiter.actor, chat).await.unwrap();
    let back = entry(&app, &acme.owner.actor, chat).await.unwrap();
    assert_eq!((back.asks_for_link, back.unread, back.enqueued_at), (true, 0, before.enqueued_at));
}

#[tokio::test]
async fn a_request_opens_a_snoozed_or_closed_conversation_and_pauses_in_a_closed_project() {
    for status in [ConversationStatus::Snoozed, ConversationStatus::Closed] {
        let hall = Hall::sqlite().await;
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        let chat = acme.chat.conversation;
        let change = ConversationChange { status: Some(status), ..ConversationChange::default() };
        conversations::update(&app, &acme.owner.actor, chat, change).await.unwrap();
        ask(&hall, &acme).await;
        let opened = conversations::open(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!(opened.conversation.status, ConversationStatus::Open);
        assert_eq!(line(&app, &acme.owner.actor).await, [chat]);
    }
    let hall = Hall::sqlite().await;
    let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
    projects::close(&app, &acme.owner.actor, acme.project.id).await.unwrap();
    ask(&hall, &acme).await;
    let opened = conversations::open(&app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    assert_eq!(opened.set_aside.map(|entry| entry.state), Some(EntryState::Paused));
    assert_eq!(line(&app, &acme.owner.actor).await, []);
    projects::reopen(&app, &acme.owner.actor, acme.project.id).await.unwrap();
    assert_eq!(line(&app, &acme.owner.actor).await, [acme.chat.conversation]);
}
