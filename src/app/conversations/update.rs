//! Changing where a conversation stands, who takes care of it, and how it is sorted.

use std::collections::HashSet;

use chrono::TimeDelta;

use crate::{
    app::{App, access, queue},
    domain::{
        access::Actor,
        conversation::{Conversation, ConversationChange, ConversationStatus, Label},
        event::Event,
        ids::{ConversationId, UserId},
        problem::Problem,
        queue::QueueEntry,
        user::Role,
    },
    store::{self, Change, Tx, conversations, conversations::Reached},
};

/// How far ahead a snooze may end: five years, leap days included.
const LONGEST_SNOOZE: TimeDelta = TimeDelta::days(5 * 365 + 2);

/// Changes a conversation. Snoozing sets its queue entry aside, closing ends it, another priority moves it.
///
/// # Errors
/// `not_found`, `forbidden`, `invalid` (a moment in the past or more than five years ahead, an assignee who is not of the team), `claimed_by_other`
/// when another holds what would be set aside or ended.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    change: ConversationChange,
) -> Result<Conversation, Problem> {
    app.store.commit(Update { actor: actor.clone(), id, change }).await
}

struct Update {
    actor: Actor,
    id: ConversationId,
    change: ConversationChange,
}

impl Change for Update {
    type Output = Conversation;

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.id)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<Conversation, Problem> {
        let reached = access::conversation_to_work_on(&mut tx.conn, &self.actor, self.id).await?;
        let conversation = &reached.conversation;
        let entry = store::queue::live(&mut tx.conn, conversation.organization, conversation.id).await?;
        self.check(tx, &reached, entry.as_ref()).await?;

        self.set_labels(tx, conversation).await?;
        if let Some(assignee) = self.change.assignee {
            conversations::set_assignee(&mut tx.conn, conversation, assignee).await?;
        }
        let entry = self.set_priority(tx, &reached, entry).await?;
        self.set_status(tx, &reached, entry).await?;
        tx.announce(Event::ConversationUpdated {
            organization: conversation.organization,
            project: conversation.project,
            conversation: conversation.id,
        });
        let now_it_is = access::conversation(&mut tx.conn, &self.actor, self.id).await?;
        Ok(now_it_is.conversation)
    }
}

impl Update {
    async fn check(&self, tx: &mut Tx, reached: &Reached, entry: Option<&QueueEntry>) -> Result<(), Problem> {
        let ConversationChange { status, snooze_until, assignee, .. } = &self.change;
        if let Some(until) = snooze_until {
            if *status != Some(ConversationStatus::Snoozed) {
                return Err(Problem::invalid("snooze_until", "Only a snoozed conversation has a time to come back."));
            }
            if *until <= tx.now() {
                return Err(Problem::invalid("snooze_until", "Choose a time in the future."));
            }
            if *until > tx.now().plus(LONGEST_SNOOZE) {
                return Err(Problem::invalid("snooze_until", "Choose a time within the next five years."));
            }
        }
        if let Some(Some(user)) = assignee {
            self.check_assignee(tx, reached, *user).await?;
        }
        if matches!(status, Some(ConversationStatus::Snoozed | ConversationStatus::Closed)) {
            queue::handle::permit_without_lease(entry, self.actor.member()?, tx.now())?;
        }
        Ok(())
    }

    async fn check_assignee(&self, tx: &mut Tx, reached: &Reached, user: UserId) -> Result<(), Problem> {
        let conversation = &reached.conversation;
        let role = store::members::role(&mut tx.conn, conversation.organization, user).await?;
        let named = conversations::reach(&mut tx.conn, conversation.organization, conversation.id, Some(user)).await?;
        let reaches = named.is_some_and(|reached| !reached.restricted || reached.named);
        if reaches && role.is_some_and(|role| role >= Role::Recruiter) {
            Ok(())
        } else {
            Err(Problem::invalid("assignee", "Only somebody of the project's team can take care of it."))
        }
    }

    /// Spares what stays, so that the organization's spelling of it stays, too.
    async fn set_labels(&self, tx: &mut Tx, conversation: &Conversation) -> Result<(), Problem> {
        let ConversationChange { labels, add_labels, remove_labels, .. } = &self.change;
        let folded = |labels: &[Label]| labels.iter().map(Label::folded).collect::<HashSet<_>>();
        let mut wanted = folded(labels.as_ref().unwrap_or(&conversation.labels));
        let removed = folded(remove_labels);
        wanted.retain(|label| !removed.contains(label));
        wanted.extend(folded(add_labels));
        Label::require_few(wanted.len())?;
        let to_add = labels.iter().flatten().chain(add_labels).filter(|label| wanted.contains(&label.folded()));
        for label in to_add {
            conversations::add_label(&mut tx.conn, conversation, label).await?;
        }
        for label in conversation.labels.iter().filter(|label| !wanted.contains(&label.folded())) {
            conversations::remove_label(&mut tx.conn, conversation, label).await?;
        }
        Ok(())
    }

    async fn set_priority(
        &self,
        tx: &mut Tx,
        reached: &Reached,
        entry: Option<QueueEntry>,
    ) -> Result<Option<QueueEntry>, Problem> {
        let Some(priority) = self.change.priority.filter(|priority| *priority != reached.conversation.priority) else {
            return Ok(entry);
        };
        conversations::set_priority(&mut tx.conn, &reached.conversation, priority).await?;
        queue::reprioritize(tx, entry, priority, &reached.targets).await.map_err(Into::into)
    }

    async fn set_status(&self, tx: &mut Tx, reached: &Reached, entry: Option<QueueEntry>) -> Result<(), Problem> {
        let conversation = &reached.conversation;
        let Some(status) = self.change.status else { return Ok(()) };
        conversations::set_status(&mut tx.conn, conversation, status, self.change.snooze_until).await?;
        match status {
            ConversationStatus::Open => queue::wake(tx, entry, reached.project_status).await?,
            ConversationStatus::Snoozed => queue::set_aside(tx, entry).await?,
            ConversationStatus::Closed => queue::close(tx, conversation, entry).await?,
        }
        Ok(())
    }
}
