//! Every page of the recruiters with something in it: none fails to render, and people's words stay inert in each.

mod settings;

use uuid::Uuid;

use super::{candidate_form::CandidateForm, templates::*};
use crate::{
    domain::{
        conversation::CandidateBrief,
        queue::{EntryState, EntryView, HolderBrief, Priority},
        text::Name,
        time::Timestamp,
    },
    view::{
        announcement, frame,
        inbox::{Filter, Inbox, Person, Place, Row, Upcoming, Waits},
        message, note,
        open::{Open, Refusal, Sibling},
    },
};

const HOSTILE: &str = "<script>alert(1)</script>\"'\u{202e}";

fn name(text: &str) -> Name {
    Name::from_stored(text.to_owned())
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_unix_millis(1_795_406_400_000 + minutes * 60_000)
}

fn entry(claimed_by: Option<HolderBrief>) -> EntryView {
    EntryView {
        conversation: Uuid::from_u128(1).into(),
        project: Uuid::from_u128(2).into(),
        candidate: CandidateBrief { id: Uuid::from_u128(3).into(), name: name(HOSTILE) },
        priority: Priority::Urgent,
        state: EntryState::Waiting,
        unread: 2,
        first_seq: 1,
        last_seq: 2,
        preview: HOSTILE.to_owned(),
        asks_for_link: true,
        enqueued_at: at(0),
        due_at: at(240),
        lease_expires_at: claimed_by.as_ref().map(|_| at(2)),
        claimed_by,
    }
}

fn row(number: u128, candidate: &str, claimed_by: Option<Option<&str>>) -> Row {
    Row {
        id: Uuid::from_u128(number).into(),
        href: format!("/o/acme/conversations/{}", Uuid::from_u128(number)),
        current: number == 1,
        candidate: name(candidate),
        project: "Baker, early shift".to_owned(),
        preview: HOSTILE.to_owned(),
        said_by: Some(HOSTILE.to_owned()),
        at: Some(at(0)),
        status: "open",
        priority: "urgent",
        assignee: Some(name("Mara Okafor")),
        labels: vec!["visa".to_owned(), HOSTILE.to_owned()],
        unread: number == 2,
        snooze_until: None,
        project_closed: number == 3,
        unread_aside: 1,
        entry: claimed_by.map(|holder| Waits {
            unread: 2,
            asks_for_link: true,
            enqueued_at: at(0),
            due_at: at(240),
            claimed_by: holder.map(|holder| HolderBrief { id: Uuid::from_u128(8), name: name(holder) }),
        }),
    }
}

fn inbox() -> Inbox {
    let place = |name: &str, count| Place {
        key: name.to_owned(),
        name: name.to_owned(),
        href: "/o/acme?view=waiting".to_owned(),
        count,
        current: name == "Waiting",
    };
    Inbox {
        address: "/o/acme?view=waiting".to_owned(),
        view: "waiting",
        title: "Waiting",
        total: 3,
        summary: "3 waiting · 1 being answered · 1 overdue".to_owned(),
        views: vec![
            place("Waiting", Some(3)),
            place("Mine", Some(1)),
            place("Unassigned", Some(2)),
            place("Snoozed", Some(0)),
            place("Closed", Some(5)),
            place("All", Some(12)),
        ],
        projects: vec![place("Baker, early shift", Some(2)), place(HOSTILE, Some(1))],
        every_project_href: "/o/acme".to_owned(),
        project: None,
        filter: Filter::default(),
        labels: vec!["visa".to_owned()],
        members: vec![
            Person { id: Uuid::from_u128(7), name: name("Mara Okafor") },
            Person { id: Uuid::from_u128(8), name: name("Bea Lindqvist") },
        ],
        next: Some(Upcoming { candidate: name(HOSTILE), due_at: at(240) }),
        rows: vec![
            row(1, "Ada Lovelace", Some(None)),
            row(2, HOSTILE, Some(Some("Bea Lindqvist"))),
            row(3, "Jonas Weber", None),
        ],
        more_href: Some("/o/acme?cursor=x".to_owned()),
        first_href: None,
    }
}

fn open() -> Open {
    Open {
        id: Uuid::from_u128(1).into(),
        address: "/o/acme/conversations/1".to_owned(),
        project: Uuid::from_u128(2).into(),
        project_name: "Baker, early shift".to_owned(),
        project_closed: false,
        candidate_id: Uuid::from_u128(3).into(),
        candidate: name("Ada Lovelace"),
        first_name: "Ada".to_owned(),
        facts: vec![
            ("E-mail", "ada@example.org".to_owned()),
            ("Local time", "14:05, Europe/London".to_owned()),
            ("Source", HOSTILE.to_owned()),
        ],
        others: vec![Sibling { href: "/o/acme/conversations/2".to_owned(), project: HOSTILE.to_owned() }],
        status: "open",
        snooze_until: None,
        assignee: None,
        priority: "urgent",
        labels: vec!["visa".to_owned()],
        entry: Some(entry(Some(HolderBrief { id: Uuid::from_u128(7), name: name("Mara Okafor") }))),
        set_aside: None,
        outcome: None,
        mine: true,
        items: Vec::new(),
        last_seq: 0,
        last_note_seq: 1,
        last_announcement_seq: 1,
        earlier_href: Some("?before=1".to_owned()),
        later: false,
        client_id: Uuid::from_u128(9),
        draft: HOSTILE.to_owned(),
        problem: Some(Refusal { message: "Bea holds this.".to_owned(), can_take_over: true }),
    }
}

fn spoken() -> Open {
    let mut open = open();
    let mut own = message::sample();
    own.seq = 2;
    own.author.kind = crate::domain::message::AuthorKind::User;
    own.read_by_other = true;
    own.id = Uuid::from_u128(22).into();
    open.say(&[message::sample(), own], &[note::sample()], &[announcement::sample()]).unwrap();
    open
}

fn project() -> ProjectRow {
    ProjectRow {
        id: Uuid::from_u128(2).into(),
        name: name("Baker, early shift"),
        closed: false,
        restricted: true,
        waiting: 2,
        created_at: at(-9000),
    }
}

#[allow(clippy::too_many_lines, reason = "a list of all pages")]
fn pages() -> Vec<(&'static str, String)> {
    let frame = frame::sample;
    let page = |template: &dyn askama::DynTemplate| template.dyn_render().unwrap();
    vec![
        ("dashboard", page(&Dashboard { frame: frame("inbox"), list: inbox(), open: None })),
        ("conversation", page(&Dashboard { frame: frame("inbox"), list: inbox(), open: Some(spoken()) })),
        (
            "projects",
            page(&Projects {
                frame: frame("projects"),
                projects: vec![project()],
                problem: Some(HOSTILE.to_owned()),
                name: HOSTILE.to_owned(),
            }),
        ),
        (
            "project",
            page(&Project {
                frame: frame("projects"),
                project: project(),
                readable: true,
                conversations: inbox().rows,
                more: true,
                announcements: vec![announcement::html(&announcement::sample()).unwrap()],
                team: vec![Teammate { id: Uuid::from_u128(7), name: name("Mara Okafor"), named: true }],
                form: CandidateForm { name: HOSTILE.to_owned(), ..CandidateForm::default() },
                draft: HOSTILE.to_owned(),
                audience: Some(12),
                client_id: Uuid::from_u128(9),
                problem: None,
            }),
        ),
        (
            "link",
            page(&Link {
                frame: frame("projects"),
                candidate: name(HOSTILE),
                url: "http://127.0.0.1:8080/c/abc".to_owned(),
                conversation: Uuid::from_u128(1).into(),
                project: Uuid::from_u128(2).into(),
            }),
        ),
        (
            "import",
            page(&Import {
                frame: frame("projects"),
                project: project(),
                dry_run: true,
                accepted: 1,
                rejected: 1,
                rows: vec![
                    ImportRow { line: 2, name: HOSTILE.to_owned(), problem: None, warnings: vec![HOSTILE.to_owned()] },
                    ImportRow {
                        line: 3,
                        name: String::new(),
                        problem: Some("The name is missing.".to_owned()),
                        warnings: Vec::new(),
                    },
                ],
                csv: HOSTILE.to_owned(),
                rejected_csv: HOSTILE.to_owned(),
                warning: None,
                links: String::new(),
            }),
        ),
        (
            "search",
            page(&Search {
                frame: frame("search"),
                query: HOSTILE.to_owned(),
                hits: vec![Hit {
                    href: "/o/acme".to_owned(),
                    title: name(HOSTILE),
                    kind: "Message",
                    project: name(HOSTILE),
                    author: Some(name(HOSTILE)),
                    at: Some(at(0)),
                    html: "the <mark>visa</mark> question".to_owned(),
                }],
            }),
        ),
        ("settings", page(&settings::page())),
    ]
}

#[test]
fn every_page_renders_and_keeps_peoples_words_inert() {
    for (page, html) in pages() {
        if let Ok(folder) = std::env::var("HEARBACK_SAMPLES") {
            std::fs::write(format!("{folder}/{page}.html"), &html).unwrap();
        }
        assert!(!html.contains("<script>alert") && !html.contains(" style="), "{page}");
        assert!(html.contains("id=\"main\""), "{page} has no main part");
    }
}
