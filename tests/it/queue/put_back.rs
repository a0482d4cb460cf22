//! "No reply needed" and closing can be undone.

use chrono::TimeDelta;
use hearback::{
    app::{conversations, queue, queue::Resolve},
    domain::{
        conversation::{ConversationChange, ConversationStatus},
        problem::Code,
        queue::EntryState,
    },
};

use crate::harness::{
    Hall, Tenant,
    act::{answer, entry, line, next, reply, write},
};

async fn resolve(hall: &Hall, acme: &Tenant) {
    let done = Resolve { conversation: acme.chat.conversation, lease: None, seen_seq: None };
    queue::resolve(&hall.app, &acme.recruiter.actor, done).await.unwrap();
}

async fn close(hall: &Hall, acme: &Tenant) {
    let change = ConversationChange { status: Some(ConversationStatus::Closed), ..ConversationChange::default() };
    conversations::update(&hall.app, &acme.recruiter.actor, acme.chat.conversation, change).await.unwrap();
}

#[tokio::test]
async fn what_was_marked_as_no_reply_needed_waits_again_at_its_old_place() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        let chat = acme.chat.conversation;
        let answered = write(&app, &acme.chat, "Good morning").await;
        answer(&app, &acme.recruiter.actor, &acme.chat, reply(answered)).await.unwrap();
        write(&app, &acme.chat, "Is it still free?").await;
        write(&app, &acme.chat, "Hello?").await;
        hall.pass(TimeDelta::minutes(5));
        let later = acme.add_candidate(&app, "later").await;
        write(&app, &later, "Me too").await;
        let claimed = next(&app, &acme.recruiter.actor).await.unwrap();
        assert_eq!(claimed.entry.conversation, chat);
        resolve(&hall, &acme).await;
        assert_eq!(line(&app, &acme.owner.actor).await, [later.conversation]);
        hall.pass(TimeDelta::minutes(5));

        queue::put_back(&app, &acme.recruiter.actor, chat).await.unwrap();
        assert_eq!(line(&app, &acme.owner.actor).await, [chat, later.conversation]);
        let back = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((back.unread, back.first_seq, back.last_seq), (2, 3, 4));
        assert_eq!((back.enqueued_at, back.due_at), (claimed.entry.enqueued_at, claimed.entry.due_at));
        assert_eq!((back.state, back.claim), (EntryState::Waiting, None), "the claim is not restored");
        assert_eq!(back.preview, "Is it still free?");
        answer(&app, &acme.recruiter.actor, &acme.chat, reply(4)).await.unwrap();
        assert_eq!(line(&app, &acme.owner.actor).await, [later.conversation]);
    }
}

#[tokio::test]
async fn what_the_candidate_wrote_since_moves_to_the_old_place_and_keeps_its_claim() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        let chat = acme.chat.conversation;
        write(&app, &acme.chat, "Is it still free?").await;
        let before = entry(&app, &acme.owner.actor, chat).await.unwrap();
        resolve(&hall, &acme).await;
        hall.pass(TimeDelta::minutes(5));
        write(&app, &acme.chat, "Hello?").await;
        let claimed = queue::claim(&app, &acme.colleague.actor, chat, false).await.unwrap();
        queue::put_back(&app, &acme.recruiter.actor, chat).await.unwrap();
        let back = entry(&app, &acme.owner.actor, chat).await.unwrap();
        assert_eq!((back.unread, back.first_seq, back.last_seq), (2, 1, 2));
        assert_eq!((back.enqueued_at, back.due_at), (before.enqueued_at, before.due_at));
        assert_eq!(back.claim.map(|claim| claim.lease), Some(claimed.lease));
        assert_eq!(back.preview, "Is it still free?");
    }
}

#[tokio::test]
async fn what_stayed_unhandled_after_a_reply_is_put_back_too() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        write(&app, &acme.chat, "Is it still free?").await;
        write(&app, &acme.chat, "And from when on?").await;
        answer(&app, &acme.recruiter.actor, &acme.chat, reply(1)).await.unwrap();
        hall.pass(TimeDelta::minutes(1));
        resolve(&hall, &acme).await;
        queue::put_back(&app, &acme.recruiter.actor, acme.chat.conversation).await.unwrap();
        let back = entry(&app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
        assert_eq!((back.unread, back.first_seq, back.last_seq), (1, 2, 2));
    }
}

#[tokio::test]
async fn what_a_later_reply_answered_stays_handled() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        write(&app, &acme.chat, "Is it still free?").await;
        resolve(&hall, &acme).await;
        hall.pass(TimeDelta::minutes(1));
        answer(&app, &acme.recruiter.actor, &acme.chat, reply(1)).await.unwrap();
        write(&app, &acme.chat, "And from when on?").await;
        queue::put_back(&app, &acme.recruiter.actor, acme.chat.conversation).await.unwrap();
        let back = entry(&app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
        assert_eq!((back.unread, back.first_seq, back.last_seq), (1, 3, 3));
    }
}

#[tokio::test]
async fn closing_is_undone_with_what_waited() {
    for hall in [Hall::sqlite().await, Hall::postgres().await] {
        let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
        write(&app, &acme.chat, "Is it still free?").await;
        close(&hall, &acme).await;
        queue::put_back(&app, &acme.recruiter.actor, acme.chat.conversation).await.unwrap();
        assert_eq!(line(&app, &acme.owner.actor).await, [acme.chat.conversation]);
        let found = conversations::find(&app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
        assert_eq!(found.conversation.status, ConversationStatus::Open);
    }
}

#[tokio::test]
async fn what_was_answered_or_never_waited_is_not_put_back_and_viewers_put_nothing_back() {
    let hall = Hall::sqlite().await;
    let (app, acme) = (hall.app.clone(), Tenant::create(&hall.app, "acme").await);
    let chat = acme.chat.conversation;
    let refused = async |actor| queue::put_back(&app, actor, chat).await.unwrap_err().code;
    assert_eq!(refused(&acme.recruiter.actor).await, Code::Conflict, "nothing has ever waited");
    write(&app, &acme.chat, "Is it still free?").await;
    answer(&app, &acme.recruiter.actor, &acme.chat, reply(1)).await.unwrap();
    assert_eq!(refused(&acme.recruiter.actor).await, Code::Conflict, "a reply has handled it");
    write(&app, &acme.chat, "And now?").await;
    resolve(&hall, &acme).await;
    answer(&app, &acme.recruiter.actor, &acme.chat, reply(3)).await.unwrap();
    assert_eq!(refused(&acme.recruiter.actor).await, Code::Conflict, "a reply came after all");
    assert_eq!(refused(&acme.viewer.actor).await, Code::Forbidden);
    assert_eq!(refused(&acme.chat.actor).await, Code::Forbidden, "a candidate");
}
