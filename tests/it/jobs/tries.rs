//! What fails is tried again, later and later, and not for ever.

use axum::http::StatusCode;
use chrono::TimeDelta;
use hearback::{
    app::jobs,
    domain::job::{JobState, NewJob},
};

use super::{Works, call, count, counted, reason};
use crate::harness::{Hall, act::schedule, receiver::Receiver};

/// Just longer than each pause can be.
const PAUSES: [TimeDelta; 4] =
    [TimeDelta::seconds(7), TimeDelta::seconds(37), TimeDelta::seconds(145), TimeDelta::seconds(721)];

async fn always_failing(hall: Hall) {
    let receiver = Receiver::start_by(|call| {
        if call.json()["type"] == "bad" { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
    });
    let works = Works::begin(hall, receiver.await);
    let (hall, app) = (&works.hall, &works.hall.app);
    works.schedule("bad").await;
    for (tries, pause) in (1..).zip(PAUSES) {
        works.receiver.called("bad", tries).await;
        counted(app, JobState::Waiting, 1).await;
        // Others flow meanwhile, and a look at what is due has passed it by.
        works.schedule("good").await;
        works.receiver.called("good", tries).await;
        assert_eq!(works.receiver.ids_of("bad").len(), tries, "not before its time");
        hall.pass(pause);
    }
    let ids = works.receiver.called("bad", 5).await;
    counted(app, JobState::Failed, 1).await;
    assert_eq!(reason(app).await, "the receiver of the webhook answered 500 Internal Server Error");
    assert!(ids.iter().all(|id| *id == ids[0]), "by its id it is known again: {ids:?}");
    hall.pass(TimeDelta::hours(12));
    works.schedule("good").await;
    works.receiver.called("good", 5).await;
    assert_eq!(works.receiver.ids_of("bad").len(), 5, "it is left alone");
    counted(app, JobState::Done, 5).await;
    assert_eq!((count(app, JobState::Waiting).await, count(app, JobState::Running).await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_always_fails_is_tried_five_times_and_set_aside_and_others_flow() {
    always_failing(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_always_fails_is_tried_five_times_and_set_aside_and_others_flow_on_postgresql() {
    always_failing(Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_holds_up_no_other_kind_and_is_given_up() {
    let mut rhythm = super::RHYTHM;
    rhythm.patience = std::time::Duration::from_millis(300);
    let hall = Hall::sqlite().await;
    // Takes connections and never says a word.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let smtp = format!("smtp://{}", silent.local_addr().unwrap());
    let receiver = Receiver::start().await;
    let (url, secret) = (receiver.url.parse().unwrap(), super::SECRET.parse().unwrap());
    let from = "hearback@jobs.example".parse().unwrap();
    let addresses =
        hearback::notify::Addresses { smtp: Some(&smtp), from: &from, webhook: Some((&url, &secret)), ping: None };
    let outside = std::sync::Arc::new(hearback::notify::Outside::open(addresses).unwrap());
    let _runner = hearback::jobs::Runner::start(&hall.app, &outside, rhythm);
    for _ in 0..8 {
        schedule(&hall.app, NewJob::now(super::mail())).await;
    }
    counted(&hall.app, JobState::Running, 4).await;
    schedule(&hall.app, NewJob::now(call("good"))).await;
    receiver.called("good", 1).await;
    counted(&hall.app, JobState::Waiting, 8).await;
    assert_eq!(reason(&hall.app).await, "it took longer than 300ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_for_later_waits_for_its_time() {
    let works = Works::begin(Hall::sqlite().await, Receiver::start().await);
    let (hall, app) = (&works.hall, &works.hall.app);
    let later = NewJob { run_at: Some(hall.clock.now().plus(TimeDelta::hours(1))), ..NewJob::now(call("later")) };
    schedule(app, later).await;
    works.schedule("good").await;
    works.receiver.called("good", 1).await;
    hall.pass(TimeDelta::minutes(59));
    works.schedule("good").await;
    works.receiver.called("good", 2).await;
    assert!(works.receiver.ids_of("later").is_empty());
    hall.pass(TimeDelta::minutes(1));
    works.receiver.called("later", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_forgotten() {
    let receiver =
        Receiver::start_by(|call| if call.json()["type"] == "bad" { StatusCode::GONE } else { StatusCode::OK });
    let works = Works::begin(Hall::sqlite().await, receiver.await);
    let (hall, app) = (&works.hall, &works.hall.app);
    works.schedule("good").await;
    works.schedule("bad").await;
    for (tries, pause) in (1..).zip(PAUSES) {
        works.receiver.called("bad", tries).await;
        counted(app, JobState::Waiting, 1).await;
        hall.pass(pause);
    }
    counted(app, JobState::Failed, 1).await;
    let hearback::store::Pools::Sqlite { readers, .. } = &hall.pools else { panic!("this is SQLite") };
    let kept: (String,) =
        sqlx::query_as("SELECT payload FROM jobs WHERE state = 'done'").fetch_one(readers).await.unwrap();
    assert_eq!(kept.0, "", "nothing is kept of what went out");
    assert_eq!(jobs::forget_old(app).await.unwrap(), 0);
    hall.pass(TimeDelta::hours(24));
    assert_eq!(jobs::forget_old(app).await.unwrap(), 1);
    assert_eq!(count(app, JobState::Done).await, 0);
    hall.pass(TimeDelta::days(30));
    assert_eq!(jobs::forget_old(app).await.unwrap(), 1);
    assert_eq!(count(app, JobState::Failed).await, 0);
}
