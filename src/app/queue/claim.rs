//! Taking an entry, and keeping it.

use chrono::TimeDelta;

use crate::{
    app::{
        App, access,
        messages::project_closed,
        queue::{
            changed,
            handle::{claim_lost, claimed_by_other},
        },
    },
    clock::random_bytes,
    domain::{
        access::{Actor, Member},
        ids::ConversationId,
        link::Secret,
        problem::Problem,
        queue::{Claim, EntryState, EntryView, Holder, Lease, LeaseToken, QueueEntry, QueueReason},
        time::Timestamp,
    },
    store::{Change, Tx, queue},
};

/// An entry in hand.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The entry.
    pub entry: EntryView,
    /// What only its holder has.
    pub lease: Lease,
}

/// Claims the entry of a conversation. For its holder this renews and gives the same lease.
///
/// # Errors
/// `not_found` (also when nothing waits there), `forbidden`, `project_closed`, `claimed_by_other` unless `take_over`.
pub async fn claim(
    app: &App,
    actor: &Actor,
    conversation: ConversationId,
    take_over: bool,
) -> Result<Claimed, Problem> {
    let change = Take { actor: actor.clone(), conversation, take_over, lease: app.settings.lease };
    app.store.commit(change).await
}

/// Keeps a claim for another lease's length.
///
/// # Errors
/// `not_found`, `forbidden`, `claim_lost`.
pub async fn renew(
    app: &App,
    actor: &Actor,
    conversation: ConversationId,
    token: LeaseToken,
) -> Result<Lease, Problem> {
    let change = Renew { actor: actor.clone(), conversation, token, lease: app.settings.lease };
    app.store.commit(change).await
}

/// A new claim of the member's.
pub(super) fn new(member: &Member, now: Timestamp, lease: TimeDelta) -> Claim {
    Claim {
        holder: Holder { kind: member.kind(), id: member.id(), name: member.name.clone() },
        lease: Lease {
            token: LeaseToken(Secret::from_random(random_bytes()).expose().to_owned()),
            expires_at: now.plus(lease),
        },
    }
}

/// Whether the member holds that claim, on whichever socket.
pub(super) fn is_holder(claim: &Claim, member: &Member) -> bool {
    claim.holder.kind == member.kind() && claim.holder.id == member.id()
}

/// Gives a waiting or taken-over entry to the member, writes and announces it.
pub(super) async fn take(
    tx: &mut Tx,
    mut entry: QueueEntry,
    member: &Member,
    lease: TimeDelta,
) -> Result<Claimed, Problem> {
    let now = tx.now();
    let claim = match entry.running_claim(now) {
        Some(running) if is_holder(running, member) => {
            Claim { lease: Lease { expires_at: now.plus(lease), ..running.lease.clone() }, ..running.clone() }
        }
        _ => new(member, now, lease),
    };
    let in_hand = claim.lease.clone();
    entry.claim(claim);
    changed::save(tx, &entry, QueueReason::Claimed).await?;
    Ok(Claimed { entry: EntryView::from(&entry), lease: in_hand })
}

struct Take {
    actor: Actor,
    conversation: ConversationId,
    take_over: bool,
    lease: TimeDelta,
}

impl Change for Take {
    type Output = Claimed;

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Claimed, Problem> {
        access::conversation_to_work_on(&mut tx.conn, &self.actor, self.conversation).await?;
        let member = self.actor.member()?;
        let entry = queue::live(&mut tx.conn, member.organization, self.conversation).await?;
        let entry = entry.filter(|entry| entry.state != EntryState::Snoozed).ok_or_else(Problem::not_found)?;
        if entry.state == EntryState::Paused {
            return Err(project_closed());
        }
        match entry.running_claim(tx.now()) {
            Some(running) if !is_holder(running, member) && !self.take_over => {
                Err(claimed_by_other(&running.holder.name))
            }
            _ => take(tx, entry, member, self.lease).await,
        }
    }
}

struct Renew {
    actor: Actor,
    conversation: ConversationId,
    token: LeaseToken,
    lease: TimeDelta,
}

impl Change for Renew {
    type Output = Lease;

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Lease, Problem> {
        access::conversation_to_work_on(&mut tx.conn, &self.actor, self.conversation).await?;
        let member = self.actor.member()?;
        let entry = queue::live(&mut tx.conn, member.organization, self.conversation).await?;
        let held = entry.filter(|entry| holds(entry, member, &self.token, tx.now()));
        take(tx, held.ok_or_else(claim_lost)?, member, self.lease).await.map(|claimed| claimed.lease)
    }
}

/// Whether the member holds the entry by that token.
pub(super) fn holds(entry: &QueueEntry, member: &Member, token: &LeaseToken, now: Timestamp) -> bool {
    entry.running_claim(now).is_some_and(|running| is_holder(running, member) && running.lease.token == *token)
}
