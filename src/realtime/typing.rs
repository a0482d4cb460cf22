//! Who types. It is never stored, and ends by itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use chrono::TimeDelta;
use socketioxide::socket::Sid;
use tokio::time::sleep;

use super::{
    ack::{Answer, Outcome},
    events::SetTyping,
    hub::Hub,
    request::Call,
};
use crate::{
    app,
    domain::{
        event::{ActorBrief, Event, SocketId},
        ids::{ConversationId, OrganizationId},
        time::Timestamp,
    },
};

/// How long somebody counts as typing after saying so.
const LASTS: TimeDelta = TimeDelta::seconds(6);

/// Who types now, at the sockets of this node.
#[derive(Debug, Default)]
pub struct Typing(Mutex<HashMap<(Sid, ConversationId), Typist>>);

#[derive(Debug, Clone)]
struct Typist {
    organization: OrganizationId,
    actor: ActorBrief,
    until: Timestamp,
}

impl Typing {
    fn lock(&self) -> MutexGuard<'_, HashMap<(Sid, ConversationId), Typist>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `typing:set`
pub async fn set(call: Call<'_>, request: SetTyping) -> Outcome {
    let actor = call.live.actor()?;
    app::conversations::may_type(&call.hub.app, actor, request.conversation).await?;
    if request.typing {
        begin(call, request.conversation);
    } else {
        end(call.hub, call.socket.id, Some(request.conversation));
    }
    Ok(Answer::done())
}

fn begin(call: Call<'_>, conversation: ConversationId) {
    let Ok(actor) = call.live.actor() else { return };
    let author = actor.author();
    let typist = Typist {
        organization: actor.organization(),
        actor: ActorBrief { kind: author.kind, id: None, name: author.name },
        until: call.hub.app.clock.now().plus(LASTS),
    };
    let key = (call.socket.id, conversation);
    if call.hub.typing.lock().insert(key, typist.clone()).is_some() {
        return;
    }
    tell(call.hub, key, typist, true);
    tokio::spawn(run_out(Arc::downgrade(call.hub), key));
}

/// Waits until nothing was said for [`LASTS`].
async fn run_out(hub: Weak<Hub>, key: (Sid, ConversationId)) {
    let left = || {
        let hub = hub.upgrade()?;
        let until = hub.typing.lock().get(&key)?.until;
        Some(until.since(hub.app.clock.now()).to_std().unwrap_or_default())
    };
    while let Some(left) = left() {
        if !left.is_zero() {
            sleep(left).await;
        } else if let Some(hub) = hub.upgrade() {
            end(&hub, key.0, Some(key.1));
        }
    }
}

/// Somebody has stopped typing in one conversation, or (`None`) is gone.
pub fn end(hub: &Hub, socket: Sid, conversation: Option<ConversationId>) {
    let ended: Vec<_> = hub
        .typing
        .lock()
        .extract_if(|key, _| key.0 == socket && conversation.is_none_or(|conversation| key.1 == conversation))
        .collect();
    for (key, typist) in ended {
        tell(hub, key, typist, false);
    }
}

fn tell(hub: &Hub, key: (Sid, ConversationId), typist: Typist, typing: bool) {
    hub.publish(Event::TypingChanged {
        organization: typist.organization,
        conversation: key.1,
        actor: typist.actor,
        typing,
        origin: Some(SocketId(key.0.to_string())),
    });
}
