//! Jobs: what is to go out goes out, is tried again where it fails, and is set aside where it always does.

mod delivery;
mod kills;
mod mail;
mod nodes;
mod operators;
mod tries;
mod webhook;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use hearback::{
    app::{App, jobs},
    domain::{
        access::Operator,
        job::{JobState, NewJob, Work},
        mail::{Mail, Sender},
        user::Email,
        webhook::Webhook,
    },
    jobs::{Rhythm, Runner},
    notify::{Addresses, Outside},
};
use serde_json::json;

use crate::harness::{Hall, act::schedule, mail::MailServer, receiver::Receiver, wait::until};

/// What webhooks are signed with.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// As a server has it, but looking more often.
pub const RHYTHM: Rhythm = Rhythm {
    look: Duration::from_millis(5),
    patience: Duration::from_secs(30),
    lease: TimeDelta::seconds(60),
    at_once: 4,
};

fn call(event: &str) -> Work {
    Work::Webhook(Webhook { event: event.to_owned(), data: json!({ "number": 1 }) })
}

pub fn mail() -> Work {
    let to = Email::parse("to", "ada@mail.example").unwrap();
    Work::Mail(Mail { to, subject: "Something is wrong".to_owned(), text: "Look at it.\n".to_owned() })
}

/// Whoever is called and whoever takes mail.
pub fn outside(receiver: Option<&Receiver>, mail: Option<&MailServer>) -> Arc<Outside> {
    let (secret, from) = (SECRET.parse().unwrap(), "Hearback <hearback@jobs.example>".parse::<Sender>().unwrap());
    let (url, smtp) = (receiver.map(|receiver| receiver.url.parse().unwrap()), mail.map(MailServer::url));
    let webhook = url.as_ref().map(|url| (url, &secret));
    Arc::new(Outside::open(Addresses { smtp: smtp.as_deref(), from: &from, webhook, ping: url.as_ref() }).unwrap())
}

pub async fn count(app: &App, state: JobState) -> i64 {
    jobs::counts(app).await.unwrap().of(state)
}

/// Waits until so many are in a state.
pub async fn counted(app: &App, state: JobState, number: i64) {
    until(&format!("{number} jobs {}", state.as_str()), || async { (count(app, state).await == number).then_some(()) })
        .await;
}

/// Why one that waits or has failed did not succeed; others may not have been tried yet.
async fn reason(app: &App) -> String {
    let jobs = jobs::list(app, Operator::command_line()).await.unwrap();
    jobs.failed.into_iter().chain(jobs.waiting).find_map(|row| row.last_error).unwrap()
}

/// A hall in which jobs are being done.
struct Works {
    hall: Hall,
    receiver: Receiver,
    _runner: Runner,
}

impl Works {
    fn begin(hall: Hall, receiver: Receiver) -> Self {
        let runner = Runner::start(&hall.app, &outside(Some(&receiver), None), RHYTHM);
        Self { hall, receiver, _runner: runner }
    }

    async fn schedule(&self, event: &str) {
        schedule(&self.hall.app, NewJob::now(call(event))).await;
    }
}
