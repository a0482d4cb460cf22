//! Who a connecting socket says it is, and whether that is so.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use serde::{Deserialize, de::IgnoredAny};
use socketioxide::extract::SocketRef;
use tokio::time::sleep;

use super::{
    connect::Refusal,
    emit,
    hub::Hub,
    live::{Caller, Live},
};
use crate::{
    app::{
        self,
        links::{LinkRefusal, Within},
    },
    domain::{
        access::{Actor, Identity, Whence},
        ids::{ConversationId, OrganizationId, SessionId},
        link::Secret,
        problem::{Code, Problem},
        session::EndReason,
        user::User,
    },
};

/// What a client says when it connects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Auth {
    /// An API token.
    token: Option<String>,
    /// The secret of a chat link.
    link: Option<String>,
    /// Our own pages: whether acks are to carry what people wrote as HTML.
    pub html: bool,
    /// Our own pages: which of two cookies counts.
    #[serde(rename = "as")]
    side: Option<Side>,
    /// The candidate's page: the conversation it shows, where one browser has come in as several candidates.
    conversation: Option<ConversationId>,
    /// Keys that others add, such as official clients. It also makes an array, which would be read field by field, no credentials.
    #[serde(flatten)]
    _others: IgnoredAny,
}

/// Which side of a conversation a page is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    /// The candidate's.
    Candidate,
    /// The hiring team's.
    User,
}

/// Finds the actor, by what the client says before what the browser sends by itself.
///
/// # Errors
/// Nobody of this organization.
pub async fn actor(hub: &Hub, organization: OrganizationId, socket: &SocketRef, auth: &Auth) -> Result<Actor, Refusal> {
    match (&auth.token, &auth.link) {
        (Some(token), None) => by_token(hub, organization, socket, token).await,
        (None, Some(link)) => by_link(hub, organization, link).await,
        (None, None) if is_same_origin(hub, socket) => by_cookie(hub, organization, socket, auth).await,
        _ => Err(Refusal::Unknown),
    }
}

async fn by_token(hub: &Hub, organization: OrganizationId, socket: &SocketRef, token: &str) -> Result<Actor, Refusal> {
    let secret = Secret::parse(token).ok_or(Refusal::Unknown)?;
    let member = app::tokens::member(&hub.app, organization, &secret, whence(socket)).await;
    member.map(Actor::Member).map_err(|problem| refused(&problem))
}

async fn by_link(hub: &Hub, organization: OrganizationId, link: &str) -> Result<Actor, Refusal> {
    let secret = Secret::parse(link).ok_or(Refusal::Unknown)?;
    app::links::candidate(&hub.app, organization, &secret).await.map(Actor::Candidate).map_err(link_refused)
}

async fn by_cookie(hub: &Hub, organization: OrganizationId, socket: &SocketRef, auth: &Auth) -> Result<Actor, Refusal> {
    let user = cookie(hub, socket, "hearback_session").filter(|_| auth.side != Some(Side::Candidate));
    if let Some(secret) = user {
        let member = app::sessions::member(&hub.app, organization, &secret, whence(socket)).await;
        return member.map(Actor::Member).map_err(|problem| refused(&problem));
    }
    let candidate = cookie(hub, socket, "hearback_chat").filter(|_| auth.side != Some(Side::User));
    let secret = candidate.ok_or(Refusal::Unknown)?;
    let within = auth.conversation.map_or(Within::Organization(organization), Within::Conversation);
    let candidate = app::links::candidate_by_session(&hub.app, &secret, within).await.map_err(link_refused)?;
    if candidate.organization == organization { Ok(Actor::Candidate(candidate)) } else { Err(Refusal::Unknown) }
}

fn link_refused(refusal: LinkRefusal) -> Refusal {
    match refusal {
        LinkRefusal::Unknown => Refusal::Unknown,
        LinkRefusal::Expired => Refusal::LinkExpired,
        LinkRefusal::Revoked => Refusal::LinkRevoked,
        LinkRefusal::Failed(problem) => refused(&problem),
    }
}

/// The operator whose browser it is.
///
/// # Errors
/// Nobody signed in as an operator.
pub async fn operator(hub: &Hub, socket: &SocketRef) -> Result<(User, SessionId), Refusal> {
    if !is_same_origin(hub, socket) {
        return Err(Refusal::Unknown);
    }
    let secret = cookie(hub, socket, "hearback_session").ok_or(Refusal::Unknown)?;
    let (user, session) =
        app::sessions::user(&hub.app, &secret, whence(socket)).await.map_err(|problem| refused(&problem))?;
    if user.operator { Ok((user, session)) } else { Err(Refusal::Unknown) }
}

/// How often every live socket is looked at again. What ends by somebody's act ends at once, by an event; this is for
/// what ends by itself (a session or link that has run out) and for an event that never came.
const RECHECK: Duration = Duration::from_mins(5);

/// Ends sockets whose credentials have run out. Runs for as long as the node does.
pub async fn recheck(hub: Arc<Hub>) {
    loop {
        sleep(RECHECK).await;
        look_again(&hub).await;
    }
}

/// Ends every live socket whose credentials are not good any more.
pub async fn look_again(hub: &Hub) {
    for socket in hub.sockets() {
        let Some(live) = Live::of(&socket) else { continue };
        let good = match &live.caller {
            Caller::Actor(actor) => still_good(hub, actor).await,
            Caller::Operator(_, session) => still_signed_in(hub, *session).await,
        };
        if !good {
            emit::end(&socket, EndReason::Expired);
        }
    }
}

/// Whether what let an actor in is still good.
pub async fn still_good(hub: &Hub, actor: &Actor) -> bool {
    match actor {
        Actor::Member(member) => match member.identity {
            Identity::User(..) | Identity::Api(_) => app::members::still_good(&hub.app, member).await,
        },
        Actor::Candidate(candidate) => app::links::still_good(&hub.app, candidate).await,
    }
}

/// Whether an operator's session is still good.
pub async fn still_signed_in(hub: &Hub, session: SessionId) -> bool {
    app::sessions::still_good(&hub.app, session).await
}

fn refused(problem: &Problem) -> Refusal {
    match problem.code {
        Code::Internal | Code::Busy | Code::ReadOnly | Code::RateLimited => {
            let cause = problem.cause();
            tracing::error!(%problem, cause, "a connecting socket could not be looked up");
            Refusal::Unavailable
        }
        _ => Refusal::Unknown,
    }
}

/// From where a socket comes, as its handshake was seen.
fn whence(socket: &SocketRef) -> Whence {
    let seen = socket.req_parts().extensions.get::<Whence>().copied();
    seen.unwrap_or(Whence::Address(Ipv4Addr::UNSPECIFIED.into()))
}

/// Whether a handshake that brings cookies comes from one of our own pages.
///
/// A WebSocket's handshake always has an `Origin`. A browser sends none with the GET that begins long polling, but then
/// says that it is `same-origin`, or our page adds a header that no foreign page could without being asked (CORS).
fn is_same_origin(hub: &Hub, socket: &SocketRef) -> bool {
    let headers = &socket.req_parts().headers;
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match text("origin") {
        Some(origin) => origin == hub.app.settings.public_url.origin().ascii_serialization(),
        None => text("sec-fetch-site") == Some("same-origin") || text("x-requested-with").is_some(),
    }
}

/// A cookie's secret. On https only the name counts that no other host can set.
fn cookie(hub: &Hub, socket: &SocketRef, name: &str) -> Option<Secret> {
    let prefix = if hub.app.settings.public_url.scheme() == "https" { "__Host-" } else { "" };
    socket
        .req_parts()
        .headers
        .get_all("cookie")
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| key.strip_prefix(prefix) == Some(name))
        .find_map(|(_, value)| Secret::parse(value.trim_matches('"')))
}
