//! One story through everything that is remembered, told on both engines.

use chrono::TimeDelta;
use hearback::{
    app::{
        announcements::{self, PostAnnouncement},
        conversations, messages, notes,
        notes::PostNote,
        queue::{self, Resolve},
        search,
    },
    domain::{
        conversation::{ConversationChange, ConversationStatus},
        page::{Limit, Stretch},
        problem::Code,
        queue::EntryState,
    },
};

use crate::harness::{
    Hall, Tenant,
    act::{answer, body, client_id, entry, next, reply, write},
};

#[tokio::test]
async fn the_story_holds_on_sqlite() {
    tell(Hall::sqlite().await).await;
}

#[tokio::test]
async fn the_story_holds_on_postgresql() {
    tell(Hall::postgres().await).await;
}

async fn tell(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let elsewhere = Tenant::create(app, "elsewhere").await;
    first_answer(&hall, &acme).await;
    lost_lease(&hall, &acme).await;
    snoozed(&hall, &acme).await;
    told_to_all(&hall, &acme).await;
    found_again(&hall, &acme, &elsewhere).await;
    assert!(next(app, &elsewhere.recruiter.actor).await.is_none(), "nothing of it is another organization's");
}

/// Two messages, a claim, an answer to the first of them only.
async fn first_answer(hall: &Hall, acme: &Tenant) {
    let (app, chat) = (&hall.app, &acme.chat);
    assert_eq!(write(app, chat, "When does the Überstunden talk take place?").await, 1);
    hall.pass(TimeDelta::minutes(1));
    let claimed = next(app, &acme.recruiter.actor).await.unwrap();
    assert_eq!((claimed.entry.conversation, claimed.entry.unread), (chat.conversation, 1));
    assert_eq!(write(app, chat, "And where?").await, 2);
    let posted = answer(app, &acme.recruiter.actor, chat, reply(1)).await.unwrap();
    assert_eq!((posted.message.seq, posted.duplicate), (3, false));
    let left = entry(app, &acme.recruiter.actor, chat.conversation).await.unwrap();
    assert_eq!((left.state, left.unread, left.first_seq), (EntryState::Claimed, 1, 2));
    assert_eq!(left.enqueued_at, claimed.entry.enqueued_at);
}

/// The claim runs out; another takes the conversation over and ends it.
async fn lost_lease(hall: &Hall, acme: &Tenant) {
    let (app, chat) = (&hall.app, &acme.chat);
    let held = queue::claim(app, &acme.recruiter.actor, chat.conversation, false).await.unwrap();
    hall.pass(TimeDelta::seconds(121));
    assert_eq!(queue::sweep(app).await.unwrap(), 1);
    assert_eq!(entry(app, &acme.owner.actor, chat.conversation).await.unwrap().state, EntryState::Waiting);
    let late = hearback::app::messages::Reply { lease: Some(held.lease.token), ..reply(3) };
    assert_eq!(answer(app, &acme.recruiter.actor, chat, late).await.unwrap_err().code, Code::ClaimLost);

    queue::claim(app, &acme.recruiter.actor, chat.conversation, false).await.unwrap();
    let refused = queue::claim(app, &acme.colleague.actor, chat.conversation, false).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimedByOther);
    let taken = queue::claim(app, &acme.colleague.actor, chat.conversation, true).await.unwrap();
    let resolve = Resolve { conversation: chat.conversation, lease: Some(taken.lease.token), seen_seq: None };
    queue::resolve(app, &acme.colleague.actor, resolve).await.unwrap();
    assert_eq!(entry(app, &acme.owner.actor, chat.conversation).await, None);
}

/// Set aside for an hour, and back at the old place.
async fn snoozed(hall: &Hall, acme: &Tenant) {
    let (app, chat) = (&hall.app, &acme.chat);
    write(app, chat, "One more thing.").await;
    let since = entry(app, &acme.owner.actor, chat.conversation).await.unwrap().enqueued_at;
    let change = ConversationChange {
        status: Some(ConversationStatus::Snoozed),
        snooze_until: Some(hall.clock.now().plus(TimeDelta::hours(1))),
        ..ConversationChange::default()
    };
    conversations::update(app, &acme.colleague.actor, chat.conversation, change).await.unwrap();
    assert_eq!(entry(app, &acme.owner.actor, chat.conversation).await, None);
    hall.pass(TimeDelta::minutes(61));
    queue::sweep(app).await.unwrap();
    let awake = entry(app, &acme.owner.actor, chat.conversation).await.unwrap();
    assert_eq!((awake.state, awake.enqueued_at), (EntryState::Waiting, since));
    let open = conversations::find(app, &acme.owner.actor, chat.conversation).await.unwrap().conversation;
    assert_eq!((open.status, open.snooze_until), (ConversationStatus::Open, None));
}

/// A note for the team, an announcement for the candidates, read marks.
async fn told_to_all(hall: &Hall, acme: &Tenant) {
    let (app, chat) = (&hall.app, &acme.chat);
    let note = PostNote {
        conversation: chat.conversation,
        client_id: client_id(),
        body: body("Speaks fluent Catalan."),
        origin: None,
    };
    let noted = notes::post(app, &acme.recruiter.actor, note).await.unwrap().note;
    assert_eq!((noted.seq, noted.after_seq), (1, 4));
    let announcement = PostAnnouncement {
        project: acme.project.id,
        client_id: client_id(),
        body: body("The office is open on Saturday."),
        origin: None,
    };
    let first = announcements::post(app, &acme.owner.actor, announcement.clone()).await.unwrap();
    let again = announcements::post(app, &acme.owner.actor, announcement).await.unwrap();
    assert_eq!((first.announcement.seq, first.duplicate), (1, false));
    assert_eq!((again.announcement.id, again.duplicate), (first.announcement.id, true));
    let read =
        announcements::history(app, &chat.actor, acme.project.id, Stretch::After(0), Limit::DEFAULT).await.unwrap();
    assert_eq!(read.items.len(), 1);
    messages::mark_read(app, &chat.actor, chat.conversation, 3).await.unwrap();
    let history = messages::history(app, &acme.owner.actor, chat.conversation, Stretch::After(0), Limit::DEFAULT);
    let history = history.await.unwrap();
    assert_eq!(history.items.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(history.items[2].read_by_other && !history.items[3].read_by_other);
}

/// The full text, without accents, within the own organization.
async fn found_again(hall: &Hall, acme: &Tenant, elsewhere: &Tenant) {
    let app = &hall.app;
    let found = search::search(app, &acme.recruiter.actor, "uberstunden tal").await.unwrap();
    assert_eq!(found.messages.iter().map(|hit| hit.seq).collect::<Vec<_>>(), [1]);
    assert_eq!(search::search(app, &acme.recruiter.actor, "catalan").await.unwrap().notes.len(), 1);
    assert_eq!(search::search(app, &acme.recruiter.actor, "candidate acme").await.unwrap().candidates.len(), 1);
    let foreign = search::search(app, &elsewhere.recruiter.actor, "uberstunden").await.unwrap();
    assert!(foreign.messages.is_empty() && foreign.notes.is_empty() && foreign.candidates.is_empty());
}
