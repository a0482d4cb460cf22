//! Who did what to whom, when, from where: each change is told once, nothing refused is, and nobody changes what is told.

mod append_only;
mod changes;
mod commands;
mod expected;
mod failures;
mod page;
mod programs;

use hearback::{
    app::{
        App,
        audit::{self, Filter},
    },
    domain::{access::Operator, audit::Entry, ids::AuditId},
};

/// Everything that is told, the newest last.
async fn everything(app: &App) -> Vec<Entry> {
    let all = audit::newest(app, Operator::command_line(), Filter::default(), None, 10_000).await.unwrap();
    let (mut entries, false) = all else { panic!("there are more") };
    entries.reverse();
    entries
}

/// Tells what is new since it was asked last.
struct News<'a> {
    app: &'a App,
    last: Option<AuditId>,
}

impl<'a> News<'a> {
    async fn since_now(app: &'a App) -> Self {
        let mut news = Self { app, last: None };
        news.next().await;
        news
    }

    async fn next(&mut self) -> Vec<Entry> {
        let mut entries = everything(self.app).await;
        entries.retain(|entry| self.last.is_none_or(|last| entry.id > last));
        self.last = entries.last().map(|entry| entry.id).or(self.last);
        entries
    }

    async fn actions(&mut self) -> Vec<&'static str> {
        self.next().await.iter().map(|entry| entry.action.as_str()).collect()
    }
}
