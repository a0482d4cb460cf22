//! `conversation:open`, `conversation:close` and `conversation:update`.

use std::sync::Arc;

use socketioxide::extract::SocketRef;

use super::{
    ack::{Answer, Outcome, Shown},
    events::{OneConversation, UpdateConversation},
    hub::Hub,
    live::Live,
    presence,
    request::Call,
    rooms::Room,
};
use crate::{
    app,
    domain::{
        access::Member,
        conversation::ConversationChange,
        event::ActorBrief,
        ids::{ConversationId, ProjectId},
        presence::Fact,
        queue::EntryView,
    },
    view,
};

/// The most conversations that one socket has open at a time; opening one more closes another.
const OPEN_LIMIT: usize = 50;

/// `conversation:open`
pub async fn open(call: Call<'_>, request: OneConversation) -> Outcome {
    let actor = call.live.actor()?;
    let reached = app::conversations::find(&call.hub.app, actor, request.conversation).await?;
    let member = actor.member()?;
    // Into the room first, then the look: what is posted in between comes as an event, and nothing falls between.
    enter(call, member, request.conversation, reached.conversation.project);
    let opened = match app::conversations::open(&call.hub.app, actor, request.conversation).await {
        Ok(opened) => opened,
        Err(problem) => {
            // Who may not see it any more since the first look is not left in its room.
            exit(call.hub, call.socket, call.live, request.conversation);
            return Err(problem);
        }
    };
    let viewers = call.hub.presence.viewers(member.organization, request.conversation);
    let here = call.hub.presence.candidate_is_here(member.organization, request.conversation);
    Answer::done()
        .with("conversation", &opened.conversation)?
        .with("messages", Shown::all(call.live, &opened.messages, view::message::html)?)?
        .with("notes", Shown::all(call.live, &opened.notes, view::note::html)?)?
        .with("viewers", viewers)?
        .with("candidate_online", here)?
        .with("entry", opened.entry.as_ref().map(EntryView::from))
}

/// `conversation:close`
pub async fn close(call: Call<'_>, request: OneConversation) -> Outcome {
    let actor = call.live.actor()?;
    app::conversations::find(&call.hub.app, actor, request.conversation).await?;
    actor.member()?;
    exit(call.hub, call.socket, call.live, request.conversation);
    Ok(Answer::done())
}

/// `conversation:update`
pub async fn update(call: Call<'_>, request: UpdateConversation) -> Outcome {
    let change = ConversationChange {
        status: request.status,
        snooze_until: request.snooze_until,
        assignee: request.assignee.into_option(),
        priority: request.priority,
        labels: request.labels,
        ..ConversationChange::default()
    };
    let conversation =
        app::conversations::update(&call.hub.app, call.live.actor()?, request.conversation, change).await?;
    Answer::done().with("conversation", conversation)
}

fn enter(call: Call<'_>, member: &Member, conversation: ConversationId, project: ProjectId) {
    let surplus = {
        let mut state = call.live.state();
        if state.gone || call.live.is_ended() {
            return;
        }
        let surplus = (state.opened.len() >= OPEN_LIMIT && !state.opened.contains_key(&conversation))
            .then(|| state.opened.keys().next().copied())
            .flatten();
        state.opened.insert(conversation, project);
        call.socket.join(vec![Room::Conversation(conversation).to_string(), Room::Viewers(conversation).to_string()]);
        surplus
    };
    if let Some(surplus) = surplus {
        exit(call.hub, call.socket, call.live, surplus);
    }
    // A program that listens is nobody who looks.
    if member.user().is_some() {
        presence::begin(call.hub, call.live, viewing(member, conversation));
    }
}

/// Takes a member's socket out of a conversation.
pub fn exit(hub: &Arc<Hub>, socket: &SocketRef, live: &Live, conversation: ConversationId) {
    if live.state().opened.remove(&conversation).is_none() {
        return;
    }
    socket.leave(vec![Room::Conversation(conversation).to_string(), Room::Viewers(conversation).to_string()]);
    super::typing::end(hub, socket.id, Some(conversation));
    if let Ok(member) = live.actor().and_then(crate::domain::access::Actor::member) {
        presence::end(hub, live, &viewing(member, conversation));
    }
}

fn viewing(member: &Member, conversation: ConversationId) -> Fact {
    let viewer = ActorBrief { kind: member.kind(), id: Some(member.id()), name: member.name.clone() };
    Fact::Viewing { conversation, viewer }
}
