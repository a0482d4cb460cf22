//! The checker's own proof: it finds nothing in a sound day, and each planted fault by the rule that it breaks.

use uuid::Uuid;

use super::{Ack, Conversation, Entry, Grant, Log, Message, Post, Resolved, Side, Stored, View, check};

const TALK: Uuid = Uuid::from_u128(1);
const CANDIDATE: Uuid = Uuid::from_u128(2);
const ANNA: Uuid = Uuid::from_u128(3);
const BEN: Uuid = Uuid::from_u128(4);

/// The candidate writes 1 and 2, Anna claims and answers 1 (as 3), the candidate writes 4, Anna's claim ends, Ben claims.
fn day() -> (Stored, Log) {
    let mut log = Log::default();
    let mut conversation = Conversation { last_seq: 4, ..Conversation::default() };
    for (seq, side, author, seen_seq) in [
        (1, Side::Candidate, CANDIDATE, None),
        (2, Side::Candidate, CANDIDATE, None),
        (3, Side::Team, ANNA, Some(1)),
        (4, Side::Candidate, CANDIDATE, None),
    ] {
        let number = u128::try_from(seq).unwrap();
        let (id, client_id) = (Uuid::from_u128(100 + number), Uuid::from_u128(200 + number));
        let (body, sent) = (format!("message {seq}"), 1_000_000 * u64::try_from(seq).unwrap());
        conversation.messages.push(Message { id, seq, side, author, client_id, body: body.clone() });
        let acks = vec![Ack { at: sent + 500, id, seq }];
        log.posts.push(Post { conversation: TALK, author, client_id, body, seen_seq, sent, acks, refused: None });
    }
    let grant = |holder, asked, ended| Grant {
        conversation: TALK,
        holder,
        token: format!("token of {holder}"),
        asked,
        granted: asked + 500,
        expires: asked + 60_000_000,
        ended,
    };
    log.grants = vec![grant(ANNA, 2_100_000, Some(3_500_000)), grant(BEN, 4_100_000, None)];
    log.views = vec![View {
        conversation: TALK,
        told: (1..=4).map(|seq| (seq, Uuid::from_u128(100 + u128::try_from(seq).unwrap()))).collect(),
    }];
    let holder = Some((BEN, format!("token of {BEN}")));
    conversation.entries = vec![Entry { first_seq: 2, last_seq: 4, unread: 2, asks_for_link: false, holder }];
    (Stored([(TALK, conversation)].into()), log)
}

/// The rules that find something in a day after this was done to it.
fn found(spoil: impl FnOnce(&mut Conversation, &mut Log)) -> Vec<&'static str> {
    let (mut stored, mut log) = day();
    spoil(stored.0.get_mut(&TALK).unwrap(), &mut log);
    let mut rules: Vec<_> = check(&stored, &log).into_iter().map(|fault| fault.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn a_sound_day_passes() {
    assert_eq!(found(|_, _| {}), Vec::<&str>::new());
}

#[test]
fn an_acknowledged_message_that_is_lost_or_changed_is_found() {
    let rule = "acknowledged is stored";
    let lost = found(|stored, log| {
        // The last one, so that no gap gives it away.
        stored.messages.pop();
        (stored.last_seq, log.views) = (3, Vec::new());
        stored.entries = vec![Entry { first_seq: 2, last_seq: 2, unread: 1, asks_for_link: false, holder: None }];
    });
    assert_eq!(lost, [rule]);
    assert_eq!(found(|stored, _| stored.messages[1].body = "other".to_owned()), [rule]);
    assert_eq!(found(|_, log| log.posts[1].acks[0].id = Uuid::from_u128(9)), [rule]);
    assert_eq!(found(|_, log| log.views[0].told[3].1 = Uuid::from_u128(9)), [rule], "told of what is not there");
    let refused = found(|_, log| {
        (log.posts[3].acks, log.posts[3].refused) = (Vec::new(), Some("claim_lost".to_owned()));
    });
    assert_eq!(refused, [rule]);
}

#[test]
fn a_client_id_that_stands_twice_is_found() {
    let rule = "each client_id once";
    let doubled = found(|stored, log| {
        let again = Message { id: Uuid::from_u128(9), seq: 5, ..stored.messages[3].clone() };
        stored.messages.push(again);
        (stored.last_seq, log.views) = (5, Vec::new());
        stored.entries = vec![Entry { first_seq: 2, last_seq: 5, unread: 3, asks_for_link: false, holder: None }];
    });
    assert_eq!(doubled, [rule]);
    let told_twice = found(|_, log| {
        let second = Ack { at: 5_000_000, id: Uuid::from_u128(9), seq: 5 };
        log.posts[3].acks.push(second);
    });
    assert_eq!(told_twice, [rule]);
    // And what nobody wrote.
    assert_eq!(found(|_, log| drop(log.posts.remove(3)))[..1], [rule]);
}

#[test]
fn a_gap_or_a_wrong_order_is_found() {
    let rule = "seq without gaps, in the order of the acks";
    assert_eq!(found(|stored, _| stored.last_seq = 5), [rule]);
    assert_eq!(found(|_, log| log.views[0].told.retain(|(seq, _)| *seq != 3)), [rule]);
    let late = found(|_, log| {
        log.posts[0].sent = 9_000_000;
        log.posts[0].acks[0].at = 9_000_500;
    });
    assert_eq!(late, [rule]);
}

#[test]
fn an_unhandled_message_that_is_not_queued_once_is_found() {
    let rule = "unhandled is queued exactly once";
    assert_eq!(found(|stored, _| stored.entries.clear()), [rule], "in no entry");
    assert_eq!(found(|stored, _| stored.entries.push(stored.entries[0].clone())), [rule], "in two");
    assert_eq!(found(|stored, _| stored.entries[0].unread = 1), [rule], "miscounted");
    let handled = |stored: &mut Conversation, _: &mut Log| {
        stored.entries = vec![Entry { first_seq: 1, last_seq: 4, unread: 3, asks_for_link: false, holder: None }];
    };
    assert_eq!(found(handled), [rule], "queued although it was handled");
    let resolved = |acknowledged| Resolved { conversation: TALK, sent: 4_600_000, ended: 4_700_000, acknowledged };
    assert_eq!(found(|_, log| log.resolved.push(resolved(true))), [rule], "resolved, yet queued");
    assert_eq!(found(|_, log| log.resolved.push(resolved(false))), Vec::<&str>::new(), "nobody knows whether");
    let ended = found(|stored, log| {
        stored.entries.clear();
        log.resolved.push(resolved(true));
    });
    assert_eq!(ended, Vec::<&str>::new(), "resolved and gone");
}

#[test]
fn a_second_lease_while_one_runs_is_found() {
    let rule = "no two valid leases";
    assert_eq!(found(|_, log| log.grants[0].ended = None), [rule], "Ben is given what Anna still holds");
    assert_eq!(found(|_, log| log.grants[1].token = log.grants[0].token.clone())[..1], [rule], "one token for two");
    let over = |_: &mut Conversation, log: &mut Log| {
        (log.grants[0].ended, log.grants[0].expires) = (None, 4_000_000);
    };
    assert_eq!(found(over), Vec::<&str>::new(), "the first had run out");
}
