//! What has happened, told to whom it concerns. Every kind of event names its room here, or this does not compile.

use std::{borrow::Cow, sync::Arc};

use serde::Serialize;
use serde_json::json;
use socketioxide::extract::SocketRef;
use tokio::task::JoinHandle;
use tokio_util::task::AbortOnDropHandle;

use super::{credentials, emit, hub::Hub, namespaces, presence, projects, rooms::Room};
use crate::{
    app,
    bus::{Lane, Subscription},
    domain::{
        announcement::Announcement,
        event::{Carried, Event, Kicked, QueueSnapshot, SocketId},
        ids::{ApiTokenId, ConversationId, OrganizationId, ProjectId, QueueEntryId},
        message::{Message, Note},
        problem::{Code, Problem},
        queue::{EntryView, QueueCounts, QueueReason},
        session::EndReason,
        time::Timestamp,
    },
    view,
};

/// Takes events from the bus, one after the other, for as long as there is a bus. Nothing published after this returns
/// is missed. What ends connections has a task of its own, so that it does not wait until others are loaded and sent.
pub fn start(hub: &Arc<Hub>) -> [JoinHandle<()>; 2] {
    let disconnects = hub.bus.subscribe(Lane::Disconnects);
    let changes = hub.bus.subscribe(Lane::Changes);
    [tokio::spawn(disconnect(Arc::clone(hub), disconnects)), tokio::spawn(run(Arc::clone(hub), changes))]
}

async fn disconnect(hub: Arc<Hub>, mut events: Subscription) {
    let mut revalidating = None;
    while let Some(event) = events.recv().await {
        match *event {
            Event::Kicked { who, reason } => kick(&hub, who, reason),
            Event::OrganizationClosed { organization } => namespaces::close(&hub, organization),
            Event::ProjectChanged { organization, project } => {
                let hub = Arc::clone(&hub);
                tokio::spawn(async move { projects::sort_anew(&hub, organization, project).await });
            }
            // One that still runs is replaced: the new one looks at every socket, too.
            Event::Missed => revalidating = Some(revalidate(&hub)),
            // The lane has no others.
            _ => {}
        }
        hub.stir();
    }
    drop(revalidating);
}

/// Looks whether everybody may still be here, beside whatever else ends connections.
fn revalidate(hub: &Arc<Hub>) -> AbortOnDropHandle<()> {
    let hub = Arc::clone(hub);
    AbortOnDropHandle::new(tokio::spawn(async move { credentials::look_again(&hub).await }))
}

async fn run(hub: Arc<Hub>, mut events: Subscription) {
    while let Some(event) = events.recv().await {
        if let Err(problem) = tell(&hub, &event).await {
            if problem.code == Code::NotFound {
                tracing::debug!("what has happened is gone already");
                continue;
            }
            let cause = problem.cause();
            tracing::error!(%problem, cause, "an event could not be told; its readers find it by their next catch-up");
        }
        hub.stir();
    }
}

async fn tell(hub: &Arc<Hub>, event: &Event) -> Result<(), Problem> {
    match event {
        Event::MessagePosted { organization, conversation, seq, origin, message } => {
            message_posted(hub, *organization, *conversation, *seq, origin.as_ref(), message).await?;
        }
        Event::NotePosted { organization, conversation, seq, origin, note } => {
            note_posted(hub, *organization, *conversation, *seq, origin.as_ref(), note).await?;
        }
        Event::MessagesRead { organization, conversation, reader, seq } => {
            let payload = json!({ "conversation": conversation, "reader": reader, "seq": seq });
            hub.audience(*organization, Room::Conversation(*conversation), None).hear("messages:read", &payload);
        }
        Event::QueueChanged { organization, project, entry, reason, snapshot } => {
            queue_changed(hub, *organization, *project, *entry, *reason, snapshot).await?;
        }
        Event::ConversationUpdated { organization, project, conversation } => {
            conversation_updated(hub, *organization, *project, *conversation).await?;
        }
        Event::AnnouncementPosted { organization, project, seq, origin, announcement } => {
            announcement_posted(hub, *organization, *project, *seq, origin.as_ref(), announcement).await?;
        }
        Event::OrganizationChanged { organization } => namespaces::refresh(hub, *organization).await?,
        Event::ProjectChanged { organization, project } => project_changed(hub, *organization, *project).await?,
        Event::Missed => missed(hub).await?,
        // These have a lane of their own.
        Event::Kicked { .. } | Event::OrganizationClosed { .. } => {}
        Event::TypingChanged { organization, conversation, actor, typing, origin } => {
            let payload = json!({ "conversation": conversation, "actor": actor, "typing": typing });
            let room = Room::Conversation(*conversation);
            hub.audience(*organization, room, origin.as_ref()).hear("typing:changed", &payload);
        }
        Event::PresenceChanged { organization, node, fact, here } => {
            presence::heard(hub, *organization, *node, fact.clone(), *here);
        }
    }
    Ok(())
}

/// What the event carries, or what it names.
async fn carried_or<T: Clone, L: Future<Output = Result<T, Problem>>>(
    carried: &Carried<T>,
    load: impl FnOnce() -> L,
) -> Result<Cow<'_, T>, Problem> {
    match carried.get() {
        Some(thing) => Ok(Cow::Borrowed(thing)),
        None => load().await.map(Cow::Owned),
    }
}

/// `message:posted`; with `queue:changed` the most frequent, so neither is built as a tree first.
#[derive(Serialize)]
struct MessagePosted<'a> {
    message: &'a Message,
    html: String,
}

/// `queue:changed`
#[derive(Serialize)]
struct QueueChanged<'a> {
    project: ProjectId,
    reason: QueueReason,
    entry: &'a EntryView,
    waiting: i64,
    claimed: i64,
    oldest_enqueued_at: Option<Timestamp>,
}

async fn message_posted(
    hub: &Hub,
    organization: OrganizationId,
    conversation: ConversationId,
    seq: i64,
    origin: Option<&SocketId>,
    message: &Carried<Message>,
) -> Result<(), Problem> {
    // Most often nobody else is there: then nothing is rendered.
    let audience = hub.audience(organization, Room::Conversation(conversation), origin);
    if audience.is_empty() {
        return Ok(());
    }
    let message = carried_or(message, || app::messages::one(&hub.app, organization, conversation, seq)).await?;
    let payload = MessagePosted { message: &message, html: view::message::html(&message)? };
    audience.hear("message:posted", &payload);
    Ok(())
}

async fn note_posted(
    hub: &Hub,
    organization: OrganizationId,
    conversation: ConversationId,
    seq: i64,
    origin: Option<&SocketId>,
    note: &Carried<Note>,
) -> Result<(), Problem> {
    let audience = hub.audience(organization, Room::Viewers(conversation), origin);
    if audience.is_empty() {
        return Ok(());
    }
    let note = carried_or(note, || app::notes::one(&hub.app, organization, conversation, seq)).await?;
    let payload = json!({ "note": note, "html": view::note::html(&note)? });
    audience.hear("note:posted", &payload);
    Ok(())
}

async fn queue_changed(
    hub: &Hub,
    organization: OrganizationId,
    project: ProjectId,
    entry: QueueEntryId,
    reason: QueueReason,
    snapshot: &Carried<QueueSnapshot>,
) -> Result<(), Problem> {
    let audience = hub.audience(organization, Room::Project(project), None);
    if audience.is_empty() {
        return Ok(());
    }
    let snapshot = carried_or(snapshot, || app::queue::snapshot(&hub.app, organization, entry)).await?;
    let QueueSnapshot { entry, counts: QueueCounts { waiting, claimed, oldest_enqueued_at } } = snapshot.as_ref();
    let payload = QueueChanged {
        project,
        reason,
        entry,
        waiting: *waiting,
        claimed: *claimed,
        oldest_enqueued_at: *oldest_enqueued_at,
    };
    audience.hear("queue:changed", &payload);
    Ok(())
}

async fn conversation_updated(
    hub: &Hub,
    organization: OrganizationId,
    project: ProjectId,
    conversation: ConversationId,
) -> Result<(), Problem> {
    let audience = hub.audience(organization, Room::Project(project), None);
    if audience.is_empty() {
        return Ok(());
    }
    let payload = json!({ "conversation": app::conversations::one(&hub.app, organization, conversation).await? });
    audience.hear("conversation:updated", &payload);
    Ok(())
}

async fn announcement_posted(
    hub: &Hub,
    organization: OrganizationId,
    project: ProjectId,
    seq: i64,
    origin: Option<&SocketId>,
    announcement: &Carried<Announcement>,
) -> Result<(), Problem> {
    let load = || app::announcements::one(&hub.app, organization, project, seq);
    let announcement = carried_or(announcement, load).await?;
    let payload = json!({ "announcement": announcement, "html": view::announcement::html(&announcement)? });
    for room in everybody_of(project) {
        hub.audience(organization, room, origin).hear("announcement:posted", &payload);
    }
    Ok(())
}

async fn project_changed(hub: &Arc<Hub>, organization: OrganizationId, project: ProjectId) -> Result<(), Problem> {
    projects::sort_anew(hub, organization, project).await;
    let status = app::projects::status(&hub.app, organization, project).await?;
    let payload = json!({ "project": project, "status": status });
    for room in everybody_of(project) {
        hub.audience(organization, room, None).hear("project:updated", &payload);
    }
    Ok(())
}

/// The rooms of a project's team and of its candidates. Nobody is in both: told one after the other, nobody hears twice.
const fn everybody_of(project: ProjectId) -> [Room; 2] {
    [Room::Project(project), Room::Candidates(project)]
}

/// Tells again what this node may have missed. Clients know by `seq` what they have.
async fn missed(hub: &Arc<Hub>) -> Result<(), Problem> {
    projects::sort_all_anew(hub).await;
    for event in app::catch_up::latest(&hub.app).await? {
        Box::pin(tell(hub, &event)).await?;
    }
    Ok(())
}

/// Ends live connections. They are out of every room before this returns, so that nothing told later reaches them.
fn kick(hub: &Hub, who: Kicked, reason: EndReason) {
    let everywhere = |room: Room| -> Vec<SocketRef> {
        hub.io.nsps().into_iter().flat_map(|namespace| namespace.within(room.to_string()).sockets()).collect()
    };
    let sockets = match who {
        Kicked::User(user, Some(organization)) => hub.in_room(organization, Room::User(user)),
        Kicked::User(user, None) => everywhere(Room::User(user)),
        Kicked::Session(session) => everywhere(Room::Session(session)),
        Kicked::Link(link) => everywhere(Room::Link(link)),
        Kicked::CandidateSession(session, candidate) => everywhere(Room::CandidateSession(session, candidate)),
        Kicked::ApiToken(token) => everywhere(Room::Api(ApiTokenId::from(token))),
        Kicked::Organization(organization) => {
            hub.organization(organization).map_or_else(Vec::new, |organization| hub.sockets_of(&organization))
        }
    };
    for socket in sockets {
        emit::end(&socket, reason);
    }
}
