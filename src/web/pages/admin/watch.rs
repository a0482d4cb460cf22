//! The part of the page that tells whether the installation is alive: alerts, heartbeats, checks, servers, charts.

use std::{cmp::Reverse, collections::HashMap};

use chrono::TimeDelta;

use crate::{
    app::{
        self, App,
        admin::Overview,
        backups::{self, Backups},
        nodes::Node,
        queue::depth::{self, Depth},
    },
    domain::{
        alert::{Alert, Severity},
        health::{Reading, Status, Subject},
        ids::OrganizationId,
        problem::Problem,
        queue::Priority,
        text::Name,
        time::{Timestamp, span},
    },
    monitor::{Look, Monitor, live::Namespace, samples::Sample},
    view::{
        chart::{Chart, Tone},
        heartbeat::{self, Strip},
    },
};

/// How many heartbeats are looked up: a strip of each priority for some servers.
const BEATS: i64 = 480;
/// How many alerts that are over are shown.
const PAST: usize = 20;
/// For how many minutes there is room.
const MINUTES: usize = 60;

/// Everything that is watched.
pub struct Watching {
    /// Alerts that are not over: those that nobody knows of first, then the worst, then the latest.
    pub alerts: Vec<Alert>,
    /// Some that are over.
    pub past: Vec<Alert>,
    /// The heartbeats of each server.
    pub strips: Vec<Strip>,
    /// What was found when everything was looked at.
    pub look: Option<Look>,
    /// The servers.
    pub nodes: Vec<Node>,
    /// This server.
    pub this: String,
    /// What waits.
    pub depth: Depth,
    /// The last minutes of this server, the latest first.
    pub minutes: Vec<Sample>,
    /// Messages in each of them.
    pub messages: Chart,
    /// How long commits took in each of them.
    pub commits: Chart,
    /// Copies of the database; `None` where they are made by other means.
    pub backups: Option<Backups>,
    /// Who is connected to this server.
    pub namespaces: Vec<Namespace>,
    /// Settings and their values.
    pub settings: Vec<(&'static str, String)>,
    organizations: HashMap<OrganizationId, Name>,
}

impl Watching {
    /// Looks at everything.
    ///
    /// # Errors
    /// The store's.
    pub async fn look(
        app: &App,
        monitor: &Monitor,
        numbers: &Overview,
        settings: &[(&'static str, String)],
    ) -> Result<Self, Problem> {
        let mut alerts = monitor.unkept_alerts();
        alerts.extend(app::alerts::open(app).await?);
        alerts.sort_by_key(|alert| (alert.acknowledged_at.is_some(), Reverse(alert.severity)));
        let mut past = app::alerts::latest(app, 100).await?;
        past.retain(|alert| alert.cleared_at.is_some());
        past.truncate(PAST);
        let minutes: Vec<Sample> = monitor.samples().minutes.into();
        let names = numbers.organizations.iter().map(|organization| (organization.id, organization.name.clone()));
        Ok(Self {
            alerts,
            past,
            strips: heartbeat::strips(app::heartbeat::latest(app, BEATS).await?, monitor.beats_expected_since()),
            look: monitor.last_look(),
            nodes: app::nodes::list(app).await?,
            this: monitor.watch.node.clone(),
            depth: depth::everywhere(app).await?,
            messages: chart(&minutes, |minute| {
                (f64::from(u32::try_from(minute.messages).unwrap_or(u32::MAX)), messages(minute))
            }),
            commits: chart(&minutes, |minute| (minute.commit_ms.unwrap_or(0.0), commit(minute))),
            minutes: minutes.into_iter().rev().collect(),
            backups: if app.settings.database_file.is_some() { Some(backups::look(app).await?) } else { None },
            namespaces: monitor.namespaces(),
            settings: settings.to_vec(),
            organizations: names.collect(),
        })
    }

    /// How many checks are not as they should be.
    #[must_use]
    pub fn warnings(&self) -> usize {
        let readings = self.look.iter().flat_map(|look| &look.readings);
        readings.filter(|reading| reading.status != Status::Pass).count()
    }

    /// How bad the worst is that nobody knows of.
    #[must_use]
    pub fn unknown(&self) -> Option<Severity> {
        let unknown = self.alerts.iter().filter(|alert| alert.acknowledged_at.is_none());
        unknown.map(|alert| alert.severity).max()
    }

    /// The badge of an alert, or of all of them.
    #[must_use]
    pub const fn badge(unknown: Option<&Severity>) -> &'static str {
        match unknown {
            Some(Severity::Critical) => badge(Status::Fail),
            Some(Severity::Warning) => badge(Status::Warn),
            None => "badge",
        }
    }

    /// Of whom or what an alert speaks, in words.
    #[must_use]
    pub fn whose(&self, subject: &Subject) -> String {
        match subject {
            Subject::Installation => String::new(),
            Subject::Node(node) if self.nodes.len() == 1 && *node == self.this => String::new(),
            Subject::Node(node) => node.clone(),
            Subject::Organization(id) => self.organizations.get(id).map_or_else(String::new, Name::to_string),
        }
    }

    /// Since when the oldest waits, for each priority.
    pub fn oldest(&self) -> impl Iterator<Item = (Priority, Option<&Timestamp>)> {
        Priority::ALL.into_iter().map(|priority| (priority, self.depth.oldest.get(&priority)))
    }

    /// How many sockets there are on this server.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.namespaces.iter().map(|namespace| namespace.sockets).sum()
    }

    /// The most messages in one of the minutes.
    #[must_use]
    pub fn most_messages(&self) -> u64 {
        self.minutes.iter().map(|minute| minute.messages).max().unwrap_or(0)
    }

    /// How long commits took in the latest minute.
    #[must_use]
    pub fn latest_commit(&self) -> String {
        self.minutes.first().map_or_else(|| "–".to_owned(), commit)
    }

    /// How many messages there were in the latest minute.
    #[must_use]
    pub fn latest_messages(&self) -> String {
        self.minutes.first().map_or_else(|| "–".to_owned(), |minute| minute.messages.to_string())
    }
}

/// Messages of a minute in words.
#[must_use]
pub fn messages(minute: &Sample) -> String {
    match minute.messages {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    }
}

/// Commits of a minute in words.
#[must_use]
pub fn commit(minute: &Sample) -> String {
    minute.commit_ms.map_or_else(|| "–".to_owned(), |took| format!("{took:.1} ms"))
}

fn chart(minutes: &[Sample], value: impl Fn(&Sample) -> (f64, String)) -> Chart {
    let most = minutes.iter().map(|minute| value(minute).0).fold(0.0, f64::max);
    let bars = minutes.iter().map(|minute| {
        let (height, words) = value(minute);
        (height, Tone::Plain, format!("{}: {words}", minute.at.to_datetime().format("%H:%M UTC")))
    });
    Chart::draw(MINUTES, most, bars)
}

/// A check's value with its unit, for people.
#[must_use]
pub fn measured(reading: &Reading) -> String {
    const MIB: f64 = 1_048_576.0;
    match (reading.value, reading.unit) {
        (None, _) => "–".to_owned(),
        (Some(bytes), "bytes") if bytes >= 1_024.0 * MIB => format!("{:.1} GiB", bytes / (1_024.0 * MIB)),
        (Some(bytes), "bytes") => format!("{:.0} MiB", bytes / MIB),
        (Some(hours), "h") => span(seconds(hours * 3_600.0)),
        (Some(minutes), "min") => span(seconds(minutes * 60.0)),
        (Some(long), "s") if long >= 120.0 => span(seconds(long)),
        (Some(seconds), "s") if seconds < 1.0 => format!("{:.1} ms", seconds * 1_000.0),
        (Some(value), unit) if value.fract() == 0.0 => format!("{value:.0} {unit}"),
        (Some(value), unit) => format!("{value:.1} {unit}"),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whoever waits that long is past help")]
fn seconds(number: f64) -> TimeDelta {
    TimeDelta::seconds(number as i64)
}

/// How a check came out, in a word.
#[must_use]
pub const fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "Good",
        Status::Warn => "Look",
        Status::Fail => "Bad",
    }
}

/// The badge of a status.
#[must_use]
pub const fn badge(status: Status) -> &'static str {
    match status {
        Status::Pass => "badge badge--handled",
        Status::Warn => "badge badge--waits",
        Status::Fail => "badge badge--overdue",
    }
}
