//! The dashboard's third column.

use super::{dashboard::Wanted, here::Here};
use crate::{
    app,
    domain::{
        candidate::Profile,
        ids::{ClientId, ConversationId, Id},
        message::AuthorKind,
        page::{Limit, Stretch},
        problem::Problem,
        project::ProjectStatus,
        queue::{EntryView, Outcome},
        time::Timestamp,
        zone::Zone,
    },
    view::open::{Open, Sibling},
};

/// Opens a conversation; `before` in the address shows earlier messages.
pub async fn open(here: &Here, id: ConversationId, wanted: &Wanted) -> Result<Open, Problem> {
    let (app, actor) = (&here.app, &here.actor);
    let now = app.clock.now();
    let opened = app::conversations::open(app, actor, id).await?;
    let conversation = &opened.conversation;
    let project_name = opened.reached.project_name.to_string();
    let mut open = Open::new(&here.home(), conversation, project_name, app.clock.new_id::<ClientId>().uuid());
    open.project_closed = opened.reached.project_status == ProjectStatus::Closed;
    open.mine = opened.entry.as_ref().is_some_and(|entry| entry.is_held_by(here.member.kind(), here.member.id(), now));
    open.entry = opened.entry.as_ref().map(EntryView::from);
    open.set_aside = opened.set_aside.as_ref().map(EntryView::from);
    let last = opened.messages.last().map(|message| message.author.kind);
    let is_answered = last.is_some_and(|kind| kind != AuthorKind::Candidate);
    open.outcome = match opened.outcome {
        Some(Outcome::NoReplyNeeded | Outcome::Closed) if is_answered => Some(Outcome::Answered),
        outcome => outcome,
    };

    let latest = Stretch::Before(i64::MAX);
    let announced = app::announcements::history(app, actor, conversation.project, latest, Limit::DEFAULT).await?;
    let earlier = match wanted.before {
        Some(before) => {
            let stretch = Stretch::Before(before);
            Some(app::messages::history(app, actor, id, stretch, Limit::DEFAULT).await?.items)
        }
        None => None,
    };
    open.later = earlier.is_some();
    let messages = earlier.unwrap_or(opened.messages);
    // A note before the first message belongs to the beginning; one after the last shown message, to where that is shown.
    let first = messages.first().map_or(0, |message| if message.seq > 1 { message.seq } else { 0 });
    let last = if open.later { messages.last().map_or(0, |message| message.seq) } else { i64::MAX };
    let notes = app::notes::beside(app, actor, id, (first, last)).await?;
    open.say(&messages, &notes, &announced.items)?;
    open.last_note_seq = opened.notes.last().map_or(0, |note| note.seq);
    open.last_announcement_seq = announced.items.last().map_or(0, |item| item.seq);
    let first = messages.first().map_or(0, |message| message.seq);
    open.earlier_href = (first > 1).then(|| format!("{}?before={first}", open.address));

    let known = app::candidates::facts(app, actor, conversation.candidate.id).await?;
    open.facts = facts(&known.candidate.profile, now);
    open.others = known
        .conversations
        .into_iter()
        .filter(|other| other.id != id)
        .map(|other| Sibling {
            href: format!("{}/conversations/{}", here.home(), other.id),
            project: other.project_name.to_string(),
        })
        .collect();
    Ok(open)
}

fn facts(profile: &Profile, now: Timestamp) -> Vec<(&'static str, String)> {
    let local = profile.time_zone.as_deref().map(|name| match Zone::find(name) {
        Some(zone) => format!("{}, {}", zone.local(now).format("%H:%M"), zone.name()),
        // It was known when it was entered; other data is in use now.
        None => format!("{name} (unknown time zone)"),
    });
    let known = [
        ("E-mail", profile.email.as_ref().map(ToString::to_string)),
        ("Phone", profile.phone.as_ref().map(ToString::to_string)),
        ("Local time", local),
        ("Language", profile.locale.as_ref().map(ToString::to_string)),
        ("Foreign id", profile.external_id.as_ref().map(ToString::to_string)),
    ];
    known.into_iter().filter_map(|(word, value)| Some((word, value?))).collect()
}
