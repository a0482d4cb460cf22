//! Who is in the example organization and what they have said. Times are minutes before the start.

use crate::domain::queue::Priority;

/// Somebody of the team.
pub(super) struct Colleague {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
}

/// Owner of the organization and operator of the installation.
pub(super) const OWNER: Colleague = Colleague { name: "Ines Duarte", email: "ines@acme.example" };

/// The two recruiters; [`By`] counts on this order.
pub(super) const RECRUITERS: [Colleague; 2] = [
    Colleague { name: "Mara Lindqvist", email: "mara@acme.example" },
    Colleague { name: "Jonas Weber", email: "jonas@acme.example" },
];

/// The hiring projects; a [`Thread`] names its own by place.
pub(super) const PROJECTS: [&str; 3] =
    ["Backend engineer, payments", "Nurse, intensive care (nights)", "Apprentice carpenter 2027"];

/// Which recruiter.
#[derive(Clone, Copy)]
pub(super) enum By {
    Mara = 0,
    Jonas = 1,
}

/// What happens in a conversation.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// The candidate writes.
    Says(&'static str),
    /// A recruiter answers everything so far.
    Answers(By, &'static str),
    /// A recruiter answers, having seen only so far.
    AnswersUpTo(By, i64, &'static str),
    /// A recruiter notes something for the team.
    Notes(By, &'static str),
    /// The candidate has read everything so far.
    Reads,
    /// A recruiter holds it.
    Claims(By),
    /// No reply is needed.
    Resolves(By),
    /// Set aside for so many hours.
    Snoozes(By, i64),
    /// Done with.
    Closes(By),
}

/// One candidate in one project.
pub(super) struct Thread {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) phone: &'static str,
    pub(super) locale: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) project: usize,
    pub(super) priority: Priority,
    pub(super) labels: &'static [&'static str],
    pub(super) assignee: Option<By>,
    pub(super) acts: &'static [(i64, Act)],
}

/// What all candidates of a project are told.
pub(super) const ANNOUNCEMENTS: [(i64, usize, &str); 2] = [
    (
        2_900,
        1,
        "The ward is open to visitors on Thursday from 14:00 to 16:00. Come and see where you would work; no need to book.",
    ),
    (
        1_500,
        0,
        "We have changed the take-home task: it is now one hour of reading code together, at a time that suits you.",
    ),
];

/// Minutes of a day.
pub(super) const DAY: i64 = 1_440;
