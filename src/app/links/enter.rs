//! The entry page of a chat link.

use std::net::IpAddr;

use chrono::TimeDelta;

use super::{
    Linked,
    candidate::{LinkRefusal, check},
    leave,
};
use crate::{
    app::{App, queue},
    domain::{
        access::Whence,
        audit::{Act, Action, By},
        event::{Carried, Event},
        ids::ConversationId,
        link::{ASKED_FOR_LINK, Secret, SecretHash},
        problem::{Code, Problem},
    },
    store::{Change, Tx, audit, candidate_sessions, candidate_sessions::CandidateSession, links},
};

/// How long a browser on a device that is not the candidate's own stays in the chat.
const SHARED_DEVICE: TimeDelta = TimeDelta::hours(4);

/// How long after asking for a new link one can ask again.
const ASK_AGAIN: TimeDelta = TimeDelta::hours(1);

/// What a chat link is worth.
#[derive(Clone, Debug)]
pub enum LinkView {
    /// It lets in.
    Live(Linked),
    /// It has run out; one can ask for a new one.
    Expired(Linked),
    /// Somebody ended it; one can ask for a new one.
    Revoked(Linked),
    /// There is no such link.
    Unknown,
}

/// The link of a secret. One that is not ours was guessed; those who have a real one never wait for the guesses of
/// somebody behind the same address.
async fn find(app: &App, secret: &str, address: IpAddr) -> Result<Option<Linked>, Problem> {
    let found = match Secret::parse(secret) {
        Some(secret) => {
            let mut conn = app.store.read().await?;
            links::find(&mut conn, secret.hash()).await?
        }
        None => None,
    };
    if found.is_none() {
        app.limits.guesses_link(address)?;
    }
    Ok(found)
}

/// What the entry page shows. Changes nothing.
///
/// # Errors
/// `rate_limited` for an address that tries many.
pub async fn look(app: &App, secret: &str, address: IpAddr) -> Result<LinkView, Problem> {
    let Some(linked) = find(app, secret, address).await? else { return Ok(LinkView::Unknown) };
    Ok(match check(&linked, app.clock.now()) {
        Ok(()) => LinkView::Live(linked),
        Err(LinkRefusal::Expired) => LinkView::Expired(linked),
        Err(LinkRefusal::Revoked) => LinkView::Revoked(linked),
        Err(_) => LinkView::Unknown,
    })
}

/// Whose device a candidate's browser is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// The candidate's own: they stay in as long as the link is good.
    Own,
    /// Another's, such as a library's: their session ends when the browser is closed, and after four hours at the latest.
    Shared,
}

struct Enter {
    link: SecretHash,
    /// The secret that the browser gets now.
    session: SecretHash,
    device: Device,
    /// The secret that it had, where it was one of ours.
    before: Option<SecretHash>,
    lifetime: TimeDelta,
    whence: Whence,
    /// How many times before were only counted; `None` where this one is too.
    untold: Option<usize>,
}

/// Lets a browser in by a link. On the candidate's own device the link is added to those of the browser's session; on a
/// shared one the browser gets a new session with this link alone, and the one that it had ends. Gives the cookie's secret,
/// which is a new one each time, and the conversation to go to.
///
/// # Errors
/// `not_found` for a link that does not let in (the entry page says why), `rate_limited`.
pub async fn enter(
    app: &App,
    secret: &str,
    cookie: Option<Secret>,
    device: Device,
    address: IpAddr,
) -> Result<(Secret, ConversationId), Problem> {
    let found = find(app, secret, address).await?.ok_or_else(Problem::not_found)?;
    let link = Secret::parse(secret).ok_or_else(Problem::not_found)?;
    let known = match &cookie {
        Some(cookie) => {
            let mut conn = app.store.read().await?;
            candidate_sessions::find(&mut conn, cookie.hash()).await?
        }
        None => None,
    };
    // Whoever used the browser before may know its secret, so it does not open what is added now.
    let session = app.clock.new_secret();
    let enter = Enter {
        link: link.hash(),
        session: session.hash(),
        device,
        before: cookie.as_ref().filter(|_| known.is_some()).map(Secret::hash),
        lifetime: app.settings.link_lifetime,
        whence: Whence::Address(address),
        untold: check(&found, app.clock.now()).ok().and_then(|()| app.limits.openings.tell(&found.link.id)),
    };
    let conversation = app.store.commit(enter).await?;
    Ok((session, conversation))
}

impl Change for Enter {
    type Output = ConversationId;

    async fn apply(&self, tx: &mut Tx) -> Result<ConversationId, Problem> {
        let now = tx.now();
        let linked = links::find(&mut tx.conn, self.link).await?.ok_or_else(Problem::not_found)?;
        check(&linked, now).map_err(|_| Problem::not_found())?;
        let before = match self.before {
            Some(secret) => candidate_sessions::find(&mut tx.conn, secret).await?,
            None => None,
        };
        let session = match before {
            Some(session) if self.device == Device::Own && session.ends_at.is_none() => {
                candidate_sessions::renew(&mut tx.conn, session.id, self.session).await?;
                session
            }
            Some(session) => {
                leave::end_session(tx, session.id).await?;
                self.begin_session(tx).await?
            }
            None => self.begin_session(tx).await?,
        };
        candidate_sessions::grant(&mut tx.conn, session.id, linked.link.id, now).await?;
        links::move_expiry(&mut tx.conn, linked.link.id, now.plus(self.lifetime)).await?;
        if let Some(untold) = self.untold {
            let act = Act::new(By::candidate(linked.candidate, self.whence), Action::LinkOpened);
            let act = act.within(linked.organization.id).on(linked.link.conversation).fact("link", linked.link.id);
            audit::record(tx, if untold > 0 { act.fact("opened_before", untold) } else { act }).await?;
        }
        Ok(linked.link.conversation)
    }
}

impl Enter {
    async fn begin_session(&self, tx: &mut Tx) -> Result<CandidateSession, Problem> {
        let now = tx.now();
        let ends_at = (self.device == Device::Shared).then(|| now.plus(SHARED_DEVICE));
        let session = CandidateSession { id: tx.new_id(), ends_at };
        candidate_sessions::insert(&mut tx.conn, session, self.session, now).await?;
        Ok(session)
    }
}

struct AskForNew(SecretHash);

/// A candidate with a dead link asks for a new one: the conversation waits in the queue, and
/// the team finds a note. Once an hour for each link.
///
/// # Errors
/// `not_found` for an unknown link, `conflict` for one that lets in, `rate_limited`.
pub async fn ask_for_new(app: &App, secret: &str, address: IpAddr) -> Result<(), Problem> {
    find(app, secret, address).await?.ok_or_else(Problem::not_found)?;
    let secret = Secret::parse(secret).ok_or_else(Problem::not_found)?;
    app.store.commit(AskForNew(secret.hash())).await
}

impl Change for AskForNew {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        let linked = links::find(&mut tx.conn, self.0).await?.ok_or_else(Problem::not_found)?;
        match check(&linked, now) {
            Ok(()) => return Err(Problem::new(Code::Conflict, "This link works. Open it to write.")),
            Err(LinkRefusal::Expired | LinkRefusal::Revoked) => {}
            Err(_) => return Err(Problem::not_found()),
        }
        if let Some(asked) = linked.asked_at
            && now.since(asked) < ASK_AGAIN
        {
            let wait = (ASK_AGAIN - now.since(asked)).to_std().unwrap_or_default();
            return Err(Problem::rate_limited(wait));
        }
        let (organization, conversation) = (linked.organization.id, linked.link.conversation);
        let id = tx.new_id();
        let body = ASKED_FOR_LINK;
        let seq = links::system_note(&mut tx.conn, organization, conversation, id, body, now).await?;
        links::asked(&mut tx.conn, linked.link.id, now).await?;
        queue::ask_for_link(tx, organization, conversation).await?;
        tx.announce(Event::NotePosted { organization, conversation, seq, origin: None, note: Carried::default() });
        tx.announce(Event::ConversationUpdated { organization, project: linked.project, conversation });
        Ok(())
    }
}
