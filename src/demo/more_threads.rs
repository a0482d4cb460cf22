//! The other candidates of the story.

#![allow(clippy::enum_glob_use, reason = "the story reads like one")]

use super::story::{Act::*, By::*, DAY, Thread};
use crate::domain::queue::Priority;

/// In the order in which they were added.
pub(super) const MORE_THREADS: [Thread; 6] = [
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
