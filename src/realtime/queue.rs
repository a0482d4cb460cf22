//! `queue:overview`, `queue:next`, `queue:claim`, `queue:renew`, `queue:release` and `queue:resolve`.

use uuid::Uuid;

use super::{
    ack::{Answer, Outcome},
    events::{QueueClaim, QueueHeld, QueueNext, QueueOverview, QueueResolve},
    hub::Hub,
    request::Call,
};
use crate::{
    app::{self, queue::Resolve},
    domain::{ids::OrganizationId, message::AuthorKind, page::Limit, queue::EntryView},
};

/// `queue:overview`
pub async fn overview(call: Call<'_>, request: QueueOverview) -> Outcome {
    let limit = request.limit.unwrap_or(Limit::DEFAULT);
    let overview = app::queue::overview(&call.hub.app, call.live.actor()?, request.project, limit).await?;
    Answer::done()
        .with("entries", overview.entries.iter().map(EntryView::from).collect::<Vec<_>>())?
        .with("waiting", overview.counts.waiting)?
        .with("claimed", overview.counts.claimed)?
        .with("oldest_enqueued_at", overview.counts.oldest_enqueued_at)
}

/// `queue:next`
pub async fn next(call: Call<'_>, request: QueueNext) -> Outcome {
    match app::queue::next(&call.hub.app, call.live.actor()?, request.project).await? {
        Some(claimed) => Answer::done().with("entry", &claimed.entry)?.with("lease", &claimed.lease),
        None => Answer::done().with("entry", None::<()>)?.with("lease", None::<()>),
    }
}

/// `queue:claim`
pub async fn claim(call: Call<'_>, request: QueueClaim) -> Outcome {
    let take_over = request.take_over.unwrap_or(false);
    let claimed = app::queue::claim(&call.hub.app, call.live.actor()?, request.conversation, take_over).await?;
    Answer::done().with("entry", &claimed.entry)?.with("lease", &claimed.lease)
}

/// `queue:renew`
pub async fn renew(call: Call<'_>, request: QueueHeld) -> Outcome {
    let lease = app::queue::renew(&call.hub.app, call.live.actor()?, request.conversation, request.lease).await?;
    Answer::done().with("lease", &lease)
}

/// `queue:release`
pub async fn release(call: Call<'_>, request: QueueHeld) -> Outcome {
    app::queue::release(&call.hub.app, call.live.actor()?, request.conversation, request.lease).await?;
    Ok(Answer::done())
}

/// `queue:resolve`
pub async fn resolve(call: Call<'_>, request: QueueResolve) -> Outcome {
    let seen_seq = request.seen_seq.map(|position| position.0);
    let resolve = Resolve { conversation: request.conversation, lease: request.lease, seen_seq };
    app::queue::resolve(&call.hub.app, call.live.actor()?, resolve).await?;
    Ok(Answer::done())
}

/// Gives back what somebody holds whose last socket, on all nodes, has been gone for a while.
pub fn release_all_of(hub: &Hub, organization: OrganizationId, kind: AuthorKind, id: Uuid) {
    if hub.is_closing() {
        return;
    }
    let app = hub.app.clone();
    tokio::spawn(async move {
        if let Err(problem) = app::queue::release_all_of(&app, kind, id, Some(organization)).await {
            tracing::error!(%problem, "the claims of somebody who is gone were not released; they run out by themselves");
        }
    });
}
