//! The checker finds what it is there to find: one log or store broken on purpose for each rule.

use uuid::Uuid;

use super::{
    checker::{Fault, faults},
    log::{Acked, Held, Log, Told},
    stored::{Conversation, Entry, Message, Stored},
};

const LEASE: i64 = 1_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn message(seq: i64, author_kind: &str) -> Message {
    let number = u128::try_from(seq).unwrap();
    let (author_kind, body) = (author_kind.to_owned(), format!("message {seq}"));
    Message { conversation_id: id(7), seq, id: id(100 + number), author_kind, client_id: id(200 + number), body }
}

fn acked(of: &Message, sent: u64) -> Acked {
    Acked {
        conversation: of.conversation_id,
        client_id: of.client_id,
        body: of.body.clone(),
        seq: of.seq,
        sent,
        answered: sent + 1,
    }
}

fn held(token: &str, from: i64, ended: Option<i64>) -> Held {
    Held { conversation: id(7), token: token.to_owned(), from, until: from + LEASE, ended }
}

/// The candidate wrote two messages, the first was answered, then came another.
fn sound() -> (Stored, Log) {
    let messages = vec![message(1, "candidate"), message(2, "api"), message(3, "candidate"), message(4, "candidate")];
    let log = Log {
        acked: messages.iter().zip([0, 10, 20, 30]).map(|(message, sent)| acked(message, sent)).collect(),
        told: vec![Told { conversation: id(7), seq: 2, id: id(102) }],
        held: vec![held("first", 0, Some(400)), held("second", 400, None), held("third", 1_400, None)],
    };
    let conversations = vec![Conversation { id: id(7), last_seq: 4, handled_seq: 1 }];
    let entries = vec![Entry { conversation_id: id(7), first_seq: 3, last_seq: 4, unread: 2 }];
    (Stored { messages, conversations, entries }, log)
}

fn found(stored: &Stored, log: &Log) -> Vec<Fault> {
    faults(stored, log, LEASE)
}

#[test]
fn a_sound_run_has_no_fault() {
    let (stored, log) = sound();
    assert_eq!(found(&stored, &log), []);
}

#[test]
fn a_lost_message_is_found() {
    let (mut stored, log) = sound();
    stored.messages.pop();
    stored.conversations[0].last_seq = 3;
    (stored.entries[0].last_seq, stored.entries[0].unread) = (3, 1);
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::Lost(_)]));
    let (stored, mut log) = sound();
    log.told[0].id = id(1);
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::Lost(_)]), "told before it was stored");
}

#[test]
fn a_doubled_message_is_found() {
    let (mut stored, log) = sound();
    stored.messages.push(Message { seq: 5, client_id: id(204), ..message(5, "candidate") });
    stored.conversations[0].last_seq = 5;
    (stored.entries[0].last_seq, stored.entries[0].unread) = (5, 3);
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::Doubled(_)]));
}

#[test]
fn a_gap_and_a_wrong_order_are_found() {
    let (mut stored, log) = sound();
    stored.conversations[0].last_seq = 5;
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::OutOfOrder(_)]), "a position is missing");
    let (stored, mut log) = sound();
    (log.acked[3].sent, log.acked[3].answered) = (12, 13);
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::OutOfOrder(_)]), "a later one stands before");
}

#[test]
fn a_message_that_is_not_queued_or_queued_twice_is_found() {
    let (mut stored, log) = sound();
    stored.entries.clear();
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::NotQueuedOnce(_)]), "nobody would see it");
    let (mut stored, log) = sound();
    stored.entries.push(stored.entries[0].clone());
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::NotQueuedOnce(_)]), "two would answer it");
    let (mut stored, log) = sound();
    stored.entries[0].unread = 1;
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::NotQueuedOnce(_)]), "the number is wrong");
}

#[test]
fn two_valid_leases_are_found() {
    let (stored, mut log) = sound();
    log.held[1].from = 399;
    assert!(matches!(found(&stored, &log).as_slice(), [Fault::TwoLeases(_)]));
}
