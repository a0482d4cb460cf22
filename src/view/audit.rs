//! An entry of the audit log as operators see it, on the page and in a file.

use uuid::Uuid;

use super::text;
use crate::domain::{
    audit::{ActorKind, Entry, SubjectKind},
    text::inert,
    time::Timestamp,
};

/// One row of the page.
#[derive(Clone, Debug)]
pub struct Row {
    /// When.
    pub at: Timestamp,
    /// Who: the name at that time, or what kind of actor.
    pub who: String,
    /// What kind of actor, where `who` is a name and no user's.
    pub kind: Option<&'static str>,
    /// What the page is asked for to show this actor alone.
    pub actor: String,
    /// From where.
    pub whence: String,
    /// What was done, for people.
    pub what: &'static str,
    /// To whom or what; `None` where to themselves or to nothing.
    pub subject: Option<String>,
    /// What else is to be known, each with its name.
    pub facts: Vec<(String, String)>,
    /// In which organization: its id and its name in addresses.
    pub organization: Option<(String, String)>,
}

/// An actor's kind in words.
#[must_use]
pub const fn actor_kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "User",
        ActorKind::Api => "API token",
        ActorKind::Candidate => "Candidate",
        ActorKind::CommandLine => "Command line",
        ActorKind::Stranger => "Unknown person",
    }
}

const fn subject_kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Organization => "Organization",
        SubjectKind::User => "User",
        SubjectKind::Invitation => "Invitation",
        SubjectKind::ApiToken => "API token",
        SubjectKind::Project => "Project",
        SubjectKind::Conversation => "Conversation",
        SubjectKind::Candidate => "Candidate",
        SubjectKind::Alert => "Alert",
        SubjectKind::Job => "Job",
    }
}

/// The end of an id: the beginning is the time, and alike in many.
fn short(id: Uuid) -> String {
    let id = id.simple().to_string();
    format!("#{}", &id[id.len() - 8..])
}

impl From<&Entry> for Row {
    fn from(entry: &Entry) -> Self {
        let by = &entry.by;
        let (who, kind) = match (&by.name, by.id) {
            (Some(name), _) => (name.to_string(), (by.kind != ActorKind::User).then(|| actor_kind(by.kind))),
            (None, Some(id)) => (format!("{} {}", actor_kind(by.kind), short(id)), None),
            (None, None) => (actor_kind(by.kind).to_owned(), None),
        };
        let subject = entry.subject.as_ref().filter(|subject| Some(subject.id) != by.id);
        let subject = subject.map(|subject| match &subject.label {
            Some(label) => label.to_string(),
            None => format!("{} {}", subject_kind(subject.kind), short(subject.id)),
        });
        let plain = |value: String| value.parse::<Uuid>().map_or(value, short);
        let facts = entry.facts.iter().map(|(name, fact)| (name.replace('_', " "), plain(fact.to_string())));
        let organization = entry.organization.as_ref();
        Self {
            at: entry.created_at,
            who,
            kind,
            actor: by.id.map_or_else(|| by.kind.as_str().to_owned(), |id| id.to_string()),
            whence: by.whence.to_string(),
            what: entry.action.words(),
            subject,
            facts: facts.collect(),
            organization: organization.map(|(id, slug)| {
                (id.to_string(), slug.as_ref().map_or_else(|| "removed".to_owned(), ToString::to_string))
            }),
        }
    }
}

/// The headings of the file.
pub const HEADINGS: [&str; 13] = [
    "id",
    "time",
    "organization_id",
    "organization",
    "action",
    "actor_kind",
    "actor_id",
    "actor",
    "subject_kind",
    "subject_id",
    "subject",
    "from",
    "facts",
];

/// The row of the file: times in RFC 3339, nothing shortened, and no cell that a spreadsheet would compute.
#[must_use]
pub fn record(entry: &Entry) -> [String; 13] {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let organization = entry.organization.as_ref();
    let subject = entry.subject.as_ref();
    let facts: Vec<_> = entry.facts.iter().map(|(name, fact)| format!("{name}: {fact}")).collect();
    [
        entry.id.to_string(),
        entry.created_at.to_string(),
        organization.map(|(id, _)| id.to_string()).unwrap_or_default(),
        organization.and_then(|(_, slug)| slug.as_ref()).map(ToString::to_string).unwrap_or_default(),
        entry.action.as_str().to_owned(),
        entry.by.kind.as_str().to_owned(),
        id(entry.by.id),
        entry.by.name.as_deref().unwrap_or_default().to_owned(),
        subject.map(|subject| subject.kind.as_str()).unwrap_or_default().to_owned(),
        id(subject.map(|subject| subject.id)),
        subject.and_then(|subject| subject.label.as_deref()).unwrap_or_default().to_owned(),
        entry.by.whence.to_string(),
        facts.join("; "),
    ]
    .map(|cell| inert(&text::plain(&cell)))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::domain::{
        access::{Operator, Whence},
        audit::{Act, Action, By, Facts, Subject},
        text::Name,
        user::Role,
    };

    fn entry(by: By, subject: Option<Subject>, facts: Facts) -> Entry {
        let created_at = Timestamp::from_unix_millis(0);
        let id = Uuid::from_u128(0x1234_5678).into();
        Entry { id, created_at, organization: None, by, action: Action::MemberRoleChanged, subject, facts }
    }

    #[test]
    fn a_name_that_a_spreadsheet_would_compute_is_made_harmless() {
        let name = Name::parse("name", "=HYPERLINK(\"http://evil.example\")\u{202e}").unwrap();
        let whence = Whence::Address(Ipv4Addr::LOCALHOST.into());
        let by = By { kind: ActorKind::User, id: None, name: Some(name), whence };
        let cells = record(&entry(by, None, Facts::new()));
        assert!(cells[7].starts_with("'=HYPERLINK"), "{}", cells[7]);
        assert!(!cells[7].contains('\u{202e}'));
        assert_eq!((cells[1].as_str(), cells[11].as_str()), ("1970-01-01T00:00:00.000Z", "127.0.0.1"));
    }

    #[test]
    fn a_change_reads_as_people_say_it_and_ids_are_short() {
        let act = Act::new(Operator::command_line(), Action::MemberRoleChanged)
            .change("role", Role::Viewer, Role::Owner)
            .fact("link_made", "01976b5e-0000-7000-8000-0000abcdef12");
        let row = Row::from(&entry(act.by, None, act.facts));
        assert_eq!((row.who.as_str(), row.actor.as_str()), ("Command line", "command_line"));
        let facts: Vec<_> = row.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(facts, ["link made: #abcdef12", "role: viewer → owner"]);
    }
}
