//! The first candidates of the story.

#![allow(clippy::enum_glob_use, reason = "the story reads like one")]

use super::story::{Act::*, By::*, DAY, Thread};
use crate::domain::queue::Priority;

/// In the order in which they were added.
pub(super) const THREADS: [Thread; 7] = [
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
];
