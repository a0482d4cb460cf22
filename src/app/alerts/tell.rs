//! Who is told of an alert, and in which words.

use serde_json::json;

use super::Alert;
use crate::{
    app::{Settings, jobs},
    domain::{
        alert::Severity,
        health::Subject,
        job::{NewJob, Work},
        mail::Mail,
        problem::Problem,
        text::Name,
    },
    store::{Tx, alerts, organizations},
};

/// What is new about an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It fires.
    Fired,
    /// It was a warning and is critical now.
    Worsened,
    /// It is over.
    Cleared,
}

impl News {
    /// Its name for programs, as the type of a webhook.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Fired => "alert.fired",
            Self::Worsened => "alert.worsened",
            Self::Cleared => "alert.cleared",
        }
    }
}

/// What is to be done to tell the operators of it: nothing where neither mail nor webhook is set up.
#[must_use]
pub fn for_operators(settings: &Settings, alert: &Alert, news: News) -> Vec<Work> {
    let data = json!({
        "id": alert.id,
        "check": alert.check.as_str(),
        "severity": alert.severity,
        "node": match &alert.subject { Subject::Node(node) => Some(node), _ => None },
        "organization": match &alert.subject { Subject::Organization(id) => Some(id), _ => None },
        "sentence": alert.sentence,
        "remedy": alert.remedy,
        "fired_at": alert.fired_at,
    });
    let page = format!("{}admin", settings.public_url);
    let server = match &alert.subject {
        Subject::Node(node) => format!("Server: {node}\n\n"),
        Subject::Installation | Subject::Organization(_) => String::new(),
    };
    let text = format!("{server}{}", text(alert, news, &page));
    jobs::for_operators(settings, &subject(alert, news, None), &text, news.event(), data)
}

/// Schedules telling the operators, and the owners of the organization whose queue it is about, within the transaction that
/// keeps the news.
pub(super) async fn schedule(tx: &mut Tx, settings: &Settings, alert: &Alert, news: News) -> Result<(), Problem> {
    for work in for_operators(settings, alert, news) {
        jobs::schedule(tx, NewJob::now(work)).await?;
    }
    let Subject::Organization(organization) = alert.subject else { return Ok(()) };
    if !settings.can_mail {
        return Ok(());
    }
    let Some(found) = organizations::find(&mut tx.conn, organization).await? else { return Ok(()) };
    let page = format!("{}o/{}", settings.public_url, found.slug);
    for to in alerts::owners(&mut tx.conn, organization).await? {
        let mail = Mail { to, subject: subject(alert, news, Some(&found.name)), text: text(alert, news, &page) };
        let job = NewJob { organization: Some(organization), ..NewJob::now(Work::Mail(mail)) };
        jobs::schedule(tx, job).await?;
    }
    Ok(())
}

fn subject(alert: &Alert, news: News, organization: Option<&Name>) -> String {
    let how = match (news, alert.severity) {
        (News::Cleared, _) => "Over",
        (_, Severity::Critical) => "Critical",
        (_, Severity::Warning) => "Warning",
    };
    let whose = organization.map_or_else(String::new, |name| format!(" ({name})"));
    format!("{how}: {}{whose}", alert.check.words())
}

fn text(alert: &Alert, news: News, page: &str) -> String {
    let since = alert.fired_at.for_people();
    match news {
        News::Cleared => format!("This is over:\n\n{}\n\nIt was so since {since}.\n\n{page}\n", alert.sentence),
        News::Fired | News::Worsened => {
            format!("{}\n\nWhat to do: {}\n\nIt is so since {since}.\n\n{page}\n", alert.sentence, alert.remedy)
        }
    }
}
