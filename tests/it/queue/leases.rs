//! Who holds what, and for how long.

use chrono::TimeDelta;
use hearback::{
    app::{messages::Reply, queue, queue::Resolve},
    domain::{problem::Code, queue::EntryState},
};

use crate::harness::{
    Hall, Tenant,
    act::{answer, entry, line, next, reply, token, write},
};

#[tokio::test]
async fn a_lease_that_is_not_renewed_ends_and_the_entry_waits_at_its_old_place() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "First").await;
    let second = acme.add_candidate(&hall.app, "second").await;
    hall.pass(TimeDelta::seconds(1));
    write(&hall.app, &second, "Second").await;
    let claimed = next(&hall.app, &acme.recruiter.actor).await.unwrap();
    assert_eq!(claimed.lease.expires_at, hall.clock.now().plus(TimeDelta::seconds(120)));
    hall.pass(TimeDelta::seconds(119));
    assert_eq!(queue::sweep(&hall.app).await.unwrap(), 0);
    hall.pass(TimeDelta::seconds(1));
    assert_eq!(queue::sweep(&hall.app).await.unwrap(), 1);
    let expired = entry(&hall.app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    assert_eq!((expired.state, expired.enqueued_at), (EntryState::Waiting, claimed.entry.enqueued_at));
    assert_eq!(line(&hall.app, &acme.owner.actor).await, [acme.chat.conversation, second.conversation]);
    let again = next(&hall.app, &acme.colleague.actor).await.unwrap();
    assert_eq!(again.entry.conversation, acme.chat.conversation);
    assert_ne!(again.lease.token, claimed.lease.token);
}

#[tokio::test]
async fn a_renewed_lease_lasts_another_length_and_keeps_its_token() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor, chat) = (&hall.app, &acme.recruiter.actor, acme.chat.conversation);
    write(app, &acme.chat, "Hello").await;
    let claimed = next(app, actor).await.unwrap();
    hall.pass(TimeDelta::seconds(100));
    let renewed = queue::renew(app, actor, chat, claimed.lease.token.clone()).await.unwrap();
    assert_eq!(renewed.token, claimed.lease.token);
    assert_eq!(renewed.expires_at, hall.clock.now().plus(TimeDelta::seconds(120)));
    let second = queue::claim(app, actor, chat, false).await.unwrap();
    assert_eq!(second.lease.token, claimed.lease.token, "its own second claim gives the same lease");
    let refused = queue::renew(app, &acme.colleague.actor, chat, renewed.token.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimLost, "a token is of no use to another");
    hall.pass(TimeDelta::seconds(120));
    let late = queue::renew(app, actor, chat, renewed.token).await.unwrap_err();
    assert_eq!(late.code, Code::ClaimLost);
}

#[tokio::test]
async fn next_never_gives_what_somebody_holds_not_even_to_its_holder() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    write(&hall.app, &acme.chat, "Hello").await;
    assert!(next(&hall.app, &acme.recruiter.actor).await.is_some());
    assert!(next(&hall.app, &acme.recruiter.actor).await.is_none());
    assert!(next(&hall.app, &acme.colleague.actor).await.is_none());
}

#[tokio::test]
async fn what_stays_after_a_partial_reply_keeps_its_claim_and_place() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor) = (&hall.app, &acme.recruiter.actor);
    let seen = write(app, &acme.chat, "First").await;
    let claimed = next(app, actor).await.unwrap();
    hall.pass(TimeDelta::seconds(5));
    write(app, &acme.chat, "Second, while it was answered").await;
    let held = Reply { lease: Some(claimed.lease.token.clone()), ..reply(seen) };
    answer(app, actor, &acme.chat, held).await.unwrap();
    let left = entry(app, actor, acme.chat.conversation).await.unwrap();
    assert_eq!((left.state, left.unread, left.first_seq), (EntryState::Claimed, 1, 2));
    assert_eq!(left.enqueued_at, claimed.entry.enqueued_at);
    queue::renew(app, actor, acme.chat.conversation, claimed.lease.token).await.unwrap();
    // Its holder may leave the lease out.
    answer(app, actor, &acme.chat, reply(2)).await.unwrap();
    assert_eq!(entry(app, actor, acme.chat.conversation).await, None);
}

#[tokio::test]
async fn a_reply_with_a_lost_lease_is_refused_and_handles_nothing() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor) = (&hall.app, &acme.recruiter.actor);
    let seen = write(app, &acme.chat, "Hello").await;
    let claimed = next(app, actor).await.unwrap();
    hall.pass(TimeDelta::seconds(120));
    let late = Reply { lease: Some(claimed.lease.token), ..reply(seen) };
    // Before and after somebody has noticed that it ran out.
    for _ in 0..2 {
        assert_eq!(answer(app, actor, &acme.chat, late.clone()).await.unwrap_err().code, Code::ClaimLost);
        queue::sweep(app).await.unwrap();
    }
    assert_eq!(entry(app, actor, acme.chat.conversation).await.unwrap().unread, 1);
    let anyway = Reply { take_over: true, ..late };
    answer(app, actor, &acme.chat, anyway).await.unwrap();
    assert_eq!(entry(app, actor, acme.chat.conversation).await, None);
}

#[tokio::test]
async fn a_reply_to_what_another_holds_is_refused_unless_it_takes_over() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, chat) = (&hall.app, acme.chat.conversation);
    let seen = write(app, &acme.chat, "First").await;
    write(app, &acme.chat, "Second").await;
    let claimed = next(app, &acme.recruiter.actor).await.unwrap();
    let refused = answer(app, &acme.colleague.actor, &acme.chat, reply(seen)).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimedByOther);
    let stolen = Reply { lease: Some(claimed.lease.token.clone()), ..reply(seen) };
    let refused = answer(app, &acme.colleague.actor, &acme.chat, stolen).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimLost, "another's token is no lease");
    let over = Reply { take_over: true, ..reply(seen) };
    answer(app, &acme.colleague.actor, &acme.chat, over).await.unwrap();
    let left = entry(app, &acme.owner.actor, chat).await.unwrap();
    let colleague = acme.colleague.actor.member().unwrap().id();
    assert_eq!(left.claim.unwrap().holder.id, colleague, "what stays is held by who has answered");
    let gone = queue::renew(app, &acme.recruiter.actor, chat, claimed.lease.token).await.unwrap_err();
    assert_eq!(gone.code, Code::ClaimLost);
}

#[tokio::test]
async fn a_program_claims_and_holds_like_a_user() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, chat) = (&hall.app, acme.chat.conversation);
    let seen = write(app, &acme.chat, "Hello").await;
    let claimed = next(app, &acme.api).await.unwrap();
    assert_eq!(claimed.entry.claimed_by.unwrap().name.as_ref() as &str, "program acme");
    let refused = queue::claim(app, &acme.recruiter.actor, chat, false).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimedByOther);
    let held = Reply { lease: Some(claimed.lease.token), ..reply(seen) };
    answer(app, &acme.api, &acme.chat, held).await.unwrap();
    assert_eq!(entry(app, &acme.owner.actor, chat).await, None);
}

#[tokio::test]
async fn any_recruiter_resolves_what_waits_but_not_what_another_holds() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, chat) = (&hall.app, acme.chat.conversation);
    let all = Resolve { conversation: chat, lease: None, seen_seq: None };
    write(app, &acme.chat, "Thank you!").await;
    queue::resolve(app, &acme.colleague.actor, all.clone()).await.unwrap();
    assert_eq!(entry(app, &acme.owner.actor, chat).await, None);
    write(app, &acme.chat, "And again!").await;
    next(app, &acme.recruiter.actor).await.unwrap();
    let refused = queue::resolve(app, &acme.colleague.actor, all.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimedByOther);
    let wrong = Resolve { lease: Some(token("made up")), ..all.clone() };
    let refused = queue::resolve(app, &acme.colleague.actor, wrong).await.unwrap_err();
    assert_eq!(refused.code, Code::ClaimLost);
    queue::resolve(app, &acme.recruiter.actor, all).await.unwrap();
    assert_eq!(entry(app, &acme.owner.actor, chat).await, None);
}
