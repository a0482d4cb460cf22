//! What fires, when, for whom, and that it is told once.

use std::sync::Arc;

use chrono::TimeDelta;
use hearback::{
    app::{alerts, backups, heartbeat, nodes, queue},
    domain::{
        alert::{Alert, Severity},
        health::{CheckId, Status, Subject},
    },
    monitor::alerting::Alerting,
};

use super::{Viewers, monitor_of};
use crate::harness::{
    Hall, Tenant,
    act::{answer, next, reply, write},
};

/// As long as between two looks.
const BETWEEN: TimeDelta = TimeDelta::seconds(15);

/// Without those that each tenant of the tests has.
fn of_these(mut alerts: Vec<Alert>) -> Vec<Alert> {
    alerts.retain(|alert| !matches!(&alert.subject, Subject::Node(node) if node.starts_with("gone-")));
    alerts
}

struct Watched {
    hall: Hall,
    alerting: Alerting,
}

impl Watched {
    async fn new(hall: Hall, viewers: Viewers) -> Self {
        let alerting = Alerting::resume(monitor_of(&hall.app, "here", viewers)).await;
        Self { hall, alerting }
    }

    /// Looks so many times.
    async fn look(&mut self, times: usize) {
        for _ in 0..times {
            self.hall.pass(BETWEEN);
            self.alerting.look().await;
        }
    }

    async fn open(&self) -> Vec<Alert> {
        of_these(alerts::open(&self.hall.app).await.unwrap())
    }

    /// Fires on the third look after something went wrong, within a minute, and clears on the second after it is over.
    async fn fires(&mut self, check: CheckId) -> Alert {
        let began = self.hall.clock.now();
        self.look(2).await;
        assert!(self.open().await.iter().all(|alert| alert.check != check), "two bad looks are not enough");
        self.look(1).await;
        let mut open = self.open().await;
        open.retain(|alert| alert.check == check);
        let [alert] = open.try_into().expect("one alert");
        assert!(alert.fired_at.since(began) <= TimeDelta::minutes(1));
        assert!(!alert.sentence.is_empty() && !alert.remedy.is_empty(), "{alert:?}");
        self.look(3).await;
        assert_eq!(self.open().await.iter().filter(|open| open.check == check).count(), 1, "it is told once");
        alert
    }

    async fn clears(&mut self, check: CheckId) {
        self.look(1).await;
        assert!(self.open().await.iter().any(|alert| alert.check == check), "one good look is not enough");
        self.look(1).await;
        assert!(self.open().await.iter().all(|alert| alert.check != check));
    }
}

#[tokio::test]
async fn somebody_who_waits_too_long_unseen_is_told_of_their_organization() {
    overdue_is_told(Hall::sqlite().await).await;
}

#[tokio::test]
async fn somebody_who_waits_too_long_unseen_is_told_of_their_organization_on_postgresql() {
    overdue_is_told(Hall::postgres().await).await;
}

async fn overdue_is_told(hall: Hall) {
    let acme = Tenant::create(&hall.app, "acme").await;
    let other = Tenant::create(&hall.app, "other").await;
    let (waits, viewed) = (acme.add_candidate(&hall.app, "Waits").await, acme.add_candidate(&hall.app, "Viewed").await);
    let mut watched = Watched::new(hall, Viewers(vec![viewed.conversation])).await;
    let app = watched.hall.app.clone();
    for chat in [&waits, &viewed, &other.chat] {
        write(&app, chat, "Is anybody there?").await;
    }
    next(&app, &other.recruiter.actor).await.expect("somebody holds it");
    watched.look(4).await;
    assert!(watched.open().await.is_empty(), "nobody waits for too long yet");
    watched.hall.pass(TimeDelta::hours(4));
    let alert = watched.fires(CheckId::QueueOverdue).await;
    assert_eq!(alert.subject, Subject::Organization(acme.organization.id), "not where somebody holds or looks");
    assert_eq!(alert.severity, Severity::Warning);
    assert!(alert.sentence.starts_with("One candidate is overdue by"), "{}", alert.sentence);
    // The alert goes on to say the same as its check.
    let late = acme.add_candidate(&app, "Late").await;
    write(&app, &late, "And me?").await;
    watched.hall.pass(TimeDelta::hours(6));
    watched.look(1).await;
    let open = watched.open().await;
    let now = open.iter().find(|open| open.id == alert.id).expect("the same alert");
    assert!(now.sentence.starts_with("2 candidates are overdue, the first by 6 h"), "{}", now.sentence);
    answer(&app, &acme.recruiter.actor, &late, reply(1)).await.unwrap();
    answer(&app, &acme.recruiter.actor, &waits, reply(1)).await.unwrap();
    watched.clears(CheckId::QueueOverdue).await;
}

#[tokio::test]
async fn silence_is_told_where_past_weeks_were_not_silent_at_that_hour() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let mut watched = Watched::new(hall, Viewers(Vec::new())).await;
    let app = watched.hall.app.clone();
    let write_three = async |watched: &Watched| {
        for number in 0..3 {
            write(&app, &acme.chat, &format!("{number}")).await;
            watched.hall.pass(TimeDelta::minutes(5));
        }
        queue::resolve(
            &app,
            &acme.recruiter.actor,
            queue::Resolve { conversation: acme.chat.conversation, lease: None, seen_seq: None },
        )
        .await
        .unwrap();
    };
    // Two weeks of history are too little to know.
    for _ in 0..2 {
        write_three(&watched).await;
        watched.hall.pass(TimeDelta::weeks(1) - TimeDelta::minutes(15));
        backups::made(&app, 1).await.unwrap();
    }
    watched.hall.pass(TimeDelta::minutes(20));
    watched.look(4).await;
    assert_eq!(watched.open().await.len(), 0, "{:?}", watched.open().await);
    write_three(&watched).await;
    // Half a day before the hour at which they write, nobody misses anything.
    watched.hall.pass(TimeDelta::weeks(1) - TimeDelta::hours(12));
    backups::made(&app, 1).await.unwrap();
    watched.look(4).await;
    assert_eq!(watched.open().await.len(), 0, "{:?}", watched.open().await);
    watched.hall.pass(TimeDelta::hours(12));
    let alert = watched.fires(CheckId::Activity).await;
    assert_eq!(alert.subject, Subject::Installation);
    write(&app, &acme.chat, "Here I am").await;
    watched.clears(CheckId::Activity).await;
}

#[tokio::test]
async fn a_copy_that_is_too_old_is_told_until_one_is_made() {
    let hall = Hall::sqlite().await;
    // Without a file nobody could copy it.
    let mut app = hall.app.clone();
    let settings = hearback::app::Settings { database_file: Some("hearback.db".into()), ..Default::default() };
    app.settings = Arc::new(settings);
    heartbeat::open(&app, "here", app.clock.new_id()).await.unwrap();
    let monitor = monitor_of(&app, "here", Viewers(Vec::new()));
    let alerting = Alerting::resume(Arc::clone(&monitor)).await;
    let mut watched = Watched { hall, alerting };
    watched.look(4).await;
    let seen = || {
        let readings = monitor.last_look().unwrap().readings;
        let backup = readings.into_iter().find(|reading| reading.check == CheckId::Backup).unwrap();
        (backup.status, backup.sentence)
    };
    assert_eq!(seen(), (Status::Warn, "No backup yet.".to_owned()), "from the first minute, without an alert yet");
    let backup_alerts = |open: Vec<Alert>| open.into_iter().filter(|alert| alert.check == CheckId::Backup).count();
    assert_eq!(backup_alerts(watched.open().await), 0);
    watched.hall.pass(TimeDelta::hours(48));
    let alert = watched.fires(CheckId::Backup).await;
    assert!(alert.sentence.contains("No backup yet"), "{}", alert.sentence);
    backups::made(&app, 4_096).await.unwrap();
    watched.clears(CheckId::Backup).await;
    assert_eq!(seen(), (Status::Pass, "The last backup is recent.".to_owned()));
    watched.hall.pass(TimeDelta::hours(49));
    assert!(watched.fires(CheckId::Backup).await.sentence.contains("too old"));
}

#[tokio::test]
async fn a_server_that_is_lost_is_missed_and_one_that_stopped_is_not() {
    let hall = Hall::postgres().await;
    let app = hall.app.clone();
    let mut watched = Watched::new(hall, Viewers(Vec::new())).await;
    let ids = ["here", "lost", "stopped"].map(|name| (name, app.clock.new_id()));
    for (name, id) in ids {
        heartbeat::open(&app, name, id).await.unwrap();
    }
    nodes::stopped(&app, "stopped", ids[2].1).await.unwrap();
    watched.look(4).await;
    assert!(watched.open().await.is_empty(), "all were heard of lately");
    watched.hall.pass(TimeDelta::minutes(2));
    let alert = watched.fires(CheckId::Nodes).await;
    assert_eq!(alert.subject, Subject::Node("lost".to_owned()));
    // What the lost one has found is known until somebody knows that it will not come back.
    let of_the_lost = Alert { check: CheckId::DiskSpace, id: app.clock.new_id(), ..alert };
    assert!(alerts::keep(&app, of_the_lost).await.unwrap());
    watched.look(1).await;
    assert_eq!(watched.open().await.len(), 2);
    // Another process of that name takes its place.
    let again = app.clock.new_id();
    heartbeat::open(&app, "lost", again).await.unwrap();
    watched.clears(CheckId::Nodes).await;
    nodes::stopped(&app, "lost", again).await.unwrap();
    watched.look(1).await;
    assert!(watched.open().await.is_empty(), "it looks no more");
}

#[tokio::test]
async fn several_servers_tell_it_once_and_a_restart_tells_nothing_again() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let app = hall.app.clone();
    let mut one = Watched::new(hall, Viewers(Vec::new())).await;
    let mut other = Alerting::resume(monitor_of(&app, "other", Viewers(Vec::new()))).await;
    write(&app, &acme.chat, "Hello?").await;
    one.hall.pass(TimeDelta::hours(5));
    for _ in 0..4 {
        one.look(1).await;
        other.look().await;
    }
    let [alert] = one.open().await.try_into().expect("one alert of two servers");
    let mut restarted = Alerting::resume(monitor_of(&app, "here", Viewers(Vec::new()))).await;
    for _ in 0..4 {
        restarted.look().await;
    }
    let [again] = one.open().await.try_into().expect("no second one");
    assert_eq!(again.id, alert.id);
    queue::claim(&app, &acme.recruiter.actor, acme.chat.conversation, false).await.unwrap();
    for _ in 0..2 {
        restarted.look().await;
    }
    assert!(one.open().await.is_empty(), "who has started anew closes it");
    assert_eq!(of_these(alerts::latest(&app, 10).await.unwrap()).len(), 1);
}

#[tokio::test]
async fn an_hour_of_normal_traffic_alerts_nobody() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let mut watched = Watched::new(hall, Viewers(Vec::new())).await;
    let app = watched.hall.app.clone();
    for minute in 0..60 {
        for quarter in 0..4 {
            if quarter == 0 {
                write(&app, &acme.chat, &format!("Minute {minute}")).await;
            }
            // Some are answered at once, some a little later.
            if (minute + quarter) % 3 == 0
                && let Some(claimed) = next(&app, &acme.recruiter.actor).await
            {
                answer(&app, &acme.recruiter.actor, &acme.chat, reply(claimed.entry.last_seq)).await.unwrap();
            }
            watched.look(1).await;
        }
    }
    let told = of_these(alerts::latest(&app, 10).await.unwrap());
    let told: Vec<_> = told.into_iter().map(|alert| alert.sentence).collect();
    assert_eq!(told, Vec::<String>::new());
}
