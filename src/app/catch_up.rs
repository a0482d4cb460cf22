//! What a node that was cut off from the others may have missed.

use chrono::TimeDelta;

use super::App;
use crate::{
    domain::{
        event::{Carried, Event},
        problem::Problem,
        queue::{EntryState, QueueReason},
    },
    store::{announcements, messages, notes, organizations, queue},
};

/// How far back to look.
const BACK: TimeDelta = TimeDelta::hours(1);

/// How many of each kind at most; whoever lies further behind finds the rest by their next catch-up.
const AT_MOST: i64 = 1_000;

/// What was committed lately, as events to be told once more, oldest first; what those who listen know already, they
/// know by its `seq`.
///
/// # Errors
/// The store cannot be read.
pub async fn latest(app: &App) -> Result<Vec<Event>, Problem> {
    let since = app.clock.now().plus(-BACK);
    let mut conn = app.store.read().await?;
    let organizations = organizations::list(&mut conn).await?;
    let mut events: Vec<Event> = organizations
        .into_iter()
        .map(|organization| Event::OrganizationChanged { organization: organization.id })
        .collect();
    for (organization, conversation, seq) in messages::since(&mut conn, since, AT_MOST).await?.into_iter().rev() {
        let message = Carried::default();
        events.push(Event::MessagePosted { organization, conversation, seq, origin: None, message });
    }
    for (organization, conversation, seq) in notes::since(&mut conn, since, AT_MOST).await?.into_iter().rev() {
        events.push(Event::NotePosted { organization, conversation, seq, origin: None, note: Carried::default() });
    }
    for (organization, project, seq) in announcements::since(&mut conn, since, AT_MOST).await?.into_iter().rev() {
        let announcement = Carried::default();
        events.push(Event::AnnouncementPosted { organization, project, seq, origin: None, announcement });
    }
    for entry in queue::changed_since(&mut conn, since, AT_MOST).await?.into_iter().rev() {
        let (organization, project, conversation) = (entry.organization, entry.project, entry.conversation);
        let reason = match entry.state {
            EntryState::Waiting => QueueReason::Enqueued,
            EntryState::Claimed => QueueReason::Claimed,
            EntryState::Snoozed => QueueReason::Snoozed,
            EntryState::Paused => QueueReason::Paused,
            EntryState::Ended => QueueReason::Resolved,
        };
        events.push(Event::QueueChanged {
            organization,
            project,
            entry: entry.id,
            reason,
            snapshot: Carried::default(),
        });
        events.push(Event::ConversationUpdated { organization, project, conversation });
    }
    Ok(events)
}
