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

#[allow(clippy::enum_glob_use, reason = "the story reads like one")]
use self::{Act::*, By::*};

/// Minutes of a day.
const DAY: i64 = 1_440;

pub(super) const THREADS: [Thread; 13] = [
    Thread {
        name: "Amara Okafor",
        email: "amara.okafor@mail.example",
        phone: "+44 7700 900 341",
        locale: "en-GB",
        time_zone: "Europe/London",
        project: 0,
        priority: Priority::Normal,
        labels: &["second round"],
        assignee: None,
        acts: &[
            (
                3 * DAY,
                Answers(
                    Mara,
                    "Hello Amara, I am Mara and I look after your application. Ask me anything here, I answer the same day.",
                ),
            ),
            (3 * DAY - 40, Reads),
            (3 * DAY - 42, Says("Thank you Mara! Good to have somebody to write to.")),
            (
                3 * DAY - 60,
                Answers(Mara, "Then let us find a time for the second conversation. Would Thursday morning suit you?"),
            ),
            (2 * DAY, Reads),
            (150, Says("Thursday works. Is it with the whole team, or with one person? I would like to prepare.")),
            (146, Says("And may I bring something I built, about 200 lines?")),
        ],
    },
    Thread {
        name: "Lukas Brandner",
        email: "lukas.brandner@mail.example",
        phone: "+43 660 555 0182",
        locale: "de-AT",
        time_zone: "Europe/Vienna",
        project: 0,
        priority: Priority::Urgent,
        labels: &["offer", "competing offer"],
        assignee: None,
        acts: &[
            (2 * DAY, Says("Dear Acme team, when can I expect the written offer?")),
            (
                2 * DAY - 50,
                Answers(Jonas, "Dear Lukas, it is with our management to be signed. You have it by tomorrow evening."),
            ),
            (2 * DAY - 90, Reads),
            (
                38,
                Says(
                    "I have to answer another company today at 18:00. I would much rather work with you: can you tell me where the offer stands?",
                ),
            ),
        ],
    },
    Thread {
        name: "Priya Raman",
        email: "priya.raman@mail.example",
        phone: "+91 98765 43210",
        locale: "en-IN",
        time_zone: "Asia/Kolkata",
        project: 0,
        priority: Priority::Normal,
        labels: &["relocation"],
        assignee: Some(Jonas),
        acts: &[
            (
                DAY + 300,
                Answers(Jonas, "Hello Priya, thank you for today. What would you need for the move to Vienna?"),
            ),
            (DAY + 200, Reads),
            (
                95,
                Says(
                    "Mostly help with the visa and with finding a flat for the first three months. My partner would come in spring.",
                ),
            ),
            (94, Says("Is there somebody at Acme who has done the same? I would love to talk to them.")),
            (2, Claims(Jonas)),
        ],
    },
    Thread {
        name: "Tomasz Zieliński",
        email: "tomasz.zielinski@mail.example",
        phone: "+48 512 345 678",
        locale: "pl",
        time_zone: "Europe/Warsaw",
        project: 0,
        priority: Priority::Normal,
        labels: &["withdrawn"],
        assignee: Some(Mara),
        acts: &[
            (4 * DAY, Says("Dear Mara, I have decided to stay where I am. Thank you for the pleasant conversations.")),
            (
                4 * DAY - 30,
                Answers(
                    Mara,
                    "Thank you for telling us, Tomasz. I am sorry to lose you, and glad that you wrote. All the best, and write whenever you like.",
                ),
            ),
            (4 * DAY - 45, Notes(Mara, "Would come back for a staff role. Ask again in autumn.")),
            (4 * DAY - 46, Closes(Mara)),
        ],
    },
    Thread {
        name: "Sofia Marchetti",
        email: "sofia.marchetti@mail.example",
        phone: "+39 320 555 0147",
        locale: "it",
        time_zone: "Europe/Rome",
        project: 1,
        priority: Priority::Normal,
        labels: &["recognition pending"],
        assignee: Some(Mara),
        acts: &[
            (
                2 * DAY + 60,
                Says("Good morning, I am an intensive care nurse from Bologna. Is my diploma enough to begin?"),
            ),
            (
                2 * DAY,
                Answers(
                    Mara,
                    "Good morning Sofia! Yes, with the recognition by the chamber, which takes about six weeks. We fill in the forms with you.",
                ),
            ),
            (2 * DAY - 20, Reads),
            (75, Says("I have the forms now. Do you need the originals or are copies enough?")),
            (71, Says("And from when would the night shifts start?")),
            (64, AnswersUpTo(Mara, 3, "Copies are enough to begin with; bring the originals on your first day.")),
        ],
    },
    Thread {
        name: "Fatima Al-Sayed",
        email: "fatima.alsayed@mail.example",
        phone: "+961 3 555 018",
        locale: "ar",
        time_zone: "Asia/Beirut",
        project: 1,
        priority: Priority::Urgent,
        labels: &["starts soon"],
        assignee: None,
        acts: &[
            (
                DAY,
                Answers(
                    Jonas,
                    "Hello Fatima, your first shift is on Monday at 19:30. Come to the main entrance, somebody meets you there.",
                ),
            ),
            (DAY - 15, Reads),
            (
                6,
                Says(
                    "مرحبا Jonas, my train on Monday is cancelled and the next one arrives at 19:50. Is that too late? What should I do?",
                ),
            ),
        ],
    },
    Thread {
        name: "Noah Kim",
        email: "noah.kim@mail.example",
        phone: "+82 10 5550 1824",
        locale: "en",
        time_zone: "Asia/Seoul",
        project: 1,
        priority: Priority::Normal,
        labels: &["references"],
        assignee: Some(Jonas),
        acts: &[
            (DAY + 500, Says("My former head nurse is on holiday until tomorrow; may I send the reference then?")),
            (DAY + 450, Notes(Jonas, "Look at this again when the reference should be here.")),
            (DAY + 449, Snoozes(Jonas, 46)),
        ],
    },
    Thread {
        name: "Grace Adeyemi",
        email: "grace.adeyemi@mail.example",
        phone: "+234 803 555 0162",
        locale: "en-NG",
        time_zone: "Africa/Lagos",
        project: 1,
        priority: Priority::Normal,
        labels: &[],
        assignee: Some(Mara),
        acts: &[
            (DAY + 90, Says("Is there a place in the staff house for the first months?")),
            (
                DAY + 70,
                Answers(
                    Mara,
                    "Yes, there is one free from the 1st, 380 a month with everything. Shall I keep it for you until Friday?",
                ),
            ),
            (DAY + 10, Reads),
        ],
    },
    Thread {
        name: "Hannah Vogel",
        email: "hannah.vogel@mail.example",
        phone: "+49 151 5550 0173",
        locale: "de",
        time_zone: "Europe/Berlin",
        project: 1,
        priority: Priority::Normal,
        labels: &["part time"],
        assignee: Some(Mara),
        acts: &[
            (
                2 * DAY - 100,
                Answers(Mara, "Hello Hannah, nice to have met you. Would you rather work full time or part time?"),
            ),
            (DAY + 600, Reads),
            (
                330,
                Says(
                    "Part time, 60 per cent, and no more than four nights in a row because of my children. Is that possible?",
                ),
            ),
        ],
    },
    Thread {
        name: "Emil Sørensen",
        email: "emil.sorensen@mail.example",
        phone: "+45 20 55 51 82",
        locale: "da",
        time_zone: "Europe/Copenhagen",
        project: 2,
        priority: Priority::Low,
        labels: &["school leaver"],
        assignee: None,
        acts: &[(
            700,
            Says("Hi! I finish school in June. Do I need my own tools, and may I come for a trial day before?"),
        )],
    },
    Thread {
        name: "Chloé Martin",
        email: "chloe.martin@mail.example",
        phone: "+33 6 55 50 18 24",
        locale: "fr",
        time_zone: "Europe/Paris",
        project: 2,
        priority: Priority::Normal,
        labels: &[],
        assignee: None,
        acts: &[(
            200,
            Notes(Mara, "Came by on the open day with her mother. Very good with her hands; write to her this week."),
        )],
    },
    Thread {
        name: "Diego Herrera",
        email: "diego.herrera@mail.example",
        phone: "+34 655 501 824",
        locale: "es",
        time_zone: "Europe/Madrid",
        project: 2,
        priority: Priority::Normal,
        labels: &["trial day"],
        assignee: Some(Jonas),
        acts: &[
            (
                DAY + 800,
                Answers(
                    Jonas,
                    "Hello Diego, your trial day is on Wednesday at 7:00 in the workshop. Wear sturdy shoes, we have the rest.",
                ),
            ),
            (DAY + 760, Reads),
            (DAY + 755, Says("Perfect, see you on Wednesday. Thank you!")),
            (DAY + 700, Resolves(Jonas)),
        ],
    },
    Thread {
        name: "Li Wei",
        email: "li.wei@mail.example",
        phone: "+86 138 5550 1824",
        locale: "zh",
        time_zone: "Asia/Shanghai",
        project: 2,
        priority: Priority::Low,
        labels: &["school leaver"],
        assignee: None,
        acts: &[
            (1_700, Says("Is German at level B1 enough for the vocational school?")),
            (260, Says("I have found a course for B2 that ends in August, if that helps.")),
        ],
    },
];
