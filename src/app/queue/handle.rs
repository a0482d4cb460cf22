//! A reply handles what its author had seen, in the transaction that posts it.

use chrono::TimeDelta;

use crate::{
    app::{
        messages::Reply,
        queue::{changed, claim},
    },
    domain::{
        access::Member,
        conversation::Conversation,
        problem::{Code, Problem},
        queue::{LeaseToken, Outcome, QueueEntry, QueueReason, Unhandled},
        text::preview,
        time::Timestamp,
    },
    store::{StoreError, Tx, conversations, messages, queue},
};

/// Whether the member may handle the conversation now; gives its entry, if one is live.
///
/// # Errors
/// `claim_lost` when the lease that they show does not run, `claimed_by_other` when another holds the entry.
pub async fn permit(
    tx: &mut Tx,
    conversation: &Conversation,
    member: &Member,
    reply: &Reply,
) -> Result<Option<QueueEntry>, Problem> {
    let entry = queue::live(&mut tx.conn, conversation.organization, conversation.id).await?;
    if !reply.take_over {
        permit_without_take_over(entry.as_ref(), member, reply.lease.as_ref(), tx.now())?;
    }
    Ok(entry)
}

/// The rule for every act that handles an entry: whoever shows a lease must hold it, and nobody goes past another.
pub(super) fn permit_without_take_over(
    entry: Option<&QueueEntry>,
    member: &Member,
    lease: Option<&LeaseToken>,
    now: Timestamp,
) -> Result<(), Problem> {
    let claim = entry.and_then(|entry| entry.running_claim(now));
    match (claim, lease) {
        (Some(claim), None) if !claim::is_holder(claim, member) => Err(claimed_by_other(&claim.holder.name)),
        (Some(claim), Some(token)) if !claim::is_holder(claim, member) || claim.lease.token != *token => {
            Err(claim_lost())
        }
        (None, Some(_)) => Err(claim_lost()),
        _ => Ok(()),
    }
}

/// As for a member who shows no lease: nobody sets aside or ends what another holds.
pub(in crate::app) fn permit_without_lease(
    entry: Option<&QueueEntry>,
    member: &Member,
    now: Timestamp,
) -> Result<(), Problem> {
    permit_without_take_over(entry, member, None, now)
}

/// The caller's claim is gone.
pub(super) fn claim_lost() -> Problem {
    Problem::new(Code::ClaimLost, "Your claim on this conversation has ended. Look at it again before you go on.")
}

/// Another holds the claim.
pub(super) fn claimed_by_other(holder: &str) -> Problem {
    Problem::new(Code::ClaimedByOther, format!("{holder} is answering this conversation."))
}

/// A reply was posted: what its author had seen is handled; what stays keeps its place and its claim. A claim that was
/// taken over becomes the author's.
///
/// # Errors
/// The store cannot be written.
pub async fn by_reply(
    tx: &mut Tx,
    conversation: &Conversation,
    entry: Option<QueueEntry>,
    member: &Member,
    reply: &Reply,
    lease: TimeDelta,
) -> Result<(), StoreError> {
    let Some(mut entry) = up_to(tx, conversation, entry, reply.seen_seq).await? else { return Ok(()) };
    match entry.unread {
        0 if entry.asks_for_link => entry.only_asks_for_link(),
        0 => entry.end(Outcome::Answered),
        _ => {}
    }
    let now = tx.now();
    let held_by_other = entry.running_claim(now).is_some_and(|running| !claim::is_holder(running, member));
    if held_by_other {
        entry.claim(claim::new(member, now, lease));
    }
    changed::save(tx, &entry, QueueReason::Resolved).await
}

/// Handles candidate messages up to `seen_seq`; gives the entry with what is left, not yet written and not ended. A
/// conversation without an entry has nothing to handle.
pub(super) async fn up_to(
    tx: &mut Tx,
    conversation: &Conversation,
    entry: Option<QueueEntry>,
    seen_seq: i64,
) -> Result<Option<QueueEntry>, StoreError> {
    let Some(mut entry) = entry else { return Ok(None) };
    // `last_seq` is from before the reply: nobody has seen what was not there.
    let handled = seen_seq.min(conversation.last_seq).max(conversation.handled_seq);
    let left = from(tx, conversation, handled).await?;
    if left.unread == 0 {
        entry.unread = 0;
    } else {
        entry.remain(left);
    }
    Ok(Some(entry))
}

/// Marks candidate messages up to `handled` as handled and those after it as not; gives the latter.
pub(super) async fn from(tx: &mut Tx, conversation: &Conversation, handled: i64) -> Result<Unhandled, StoreError> {
    conversations::set_handled(&mut tx.conn, conversation, handled).await?;
    let (unread, first_seq) = messages::count_unhandled(&mut tx.conn, conversation.id, handled).await?;
    if unread == 0 {
        return Ok(Unhandled::default());
    }
    let first = messages::find_by_seq(&mut tx.conn, conversation.organization, conversation.id, first_seq).await?;
    let preview = first.map(|message| preview(&message.body)).unwrap_or_default();
    Ok(Unhandled { unread, first_seq, preview })
}
