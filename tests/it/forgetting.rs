//! What lets nobody in any more is taken away, and nothing else.

use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use hearback::{
    app::{links, sessions, setup},
    domain::link::Secret,
    store::Pools,
};

use crate::harness::{Hall, Tenant, tenant::HERE};

async fn count(hall: &Hall, table: &'static str) -> i64 {
    let sql = match table {
        "sessions" => "SELECT COUNT(*) FROM sessions",
        "candidate_sessions" => "SELECT COUNT(*) FROM candidate_sessions",
        _ => "SELECT COUNT(*) FROM one_time_links",
    };
    let row: (i64,) = match &hall.pools {
        Pools::Sqlite { readers, .. } => sqlx::query_as(sql).fetch_one(readers).await.unwrap(),
        Pools::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await.unwrap(),
    };
    row.0
}

async fn all(hall: &Hall) -> [i64; 3] {
    [count(hall, "sessions").await, count(hall, "candidate_sessions").await, count(hall, "one_time_links").await]
}

async fn holds(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    setup::open_address(app).await.unwrap().expect("nobody runs it yet");
    let link = acme.chat.link.as_str();
    links::enter(app, link, None, links::Device::Own, IpAddr::V4(Ipv4Addr::LOCALHOST)).await.unwrap();
    assert_eq!(sessions::forget_old(app).await.unwrap(), 0);
    assert_eq!(all(&hall).await, [4, 1, 1]);

    hall.pass(TimeDelta::hours(7));
    let kept = Secret::parse(&acme.recruiter.session).unwrap();
    assert!(sessions::resume(app, &kept, HERE).await.unwrap().is_some());
    hall.pass(TimeDelta::hours(7));
    assert_eq!(sessions::forget_old(app).await.unwrap(), 3, "three were idle for fourteen hours");
    assert!(sessions::resume(app, &kept, HERE).await.unwrap().is_some());
    assert_eq!(all(&hall).await, [1, 1, 1]);

    hall.pass(TimeDelta::days(2));
    sessions::forget_old(app).await.unwrap();
    assert_eq!(all(&hall).await, [0, 1, 0]);

    hall.pass(TimeDelta::days(100));
    sessions::forget_old(app).await.unwrap();
    assert_eq!(all(&hall).await, [0, 1, 0], "whose link has run out is told so");
    hall.pass(TimeDelta::days(90));
    sessions::forget_old(app).await.unwrap();
    assert_eq!(all(&hall).await, [0, 0, 0]);
}

#[tokio::test]
async fn sessions_and_links_that_let_nobody_in_are_forgotten() {
    holds(Hall::sqlite().await).await;
}

#[tokio::test]
async fn sessions_and_links_that_let_nobody_in_are_forgotten_on_postgresql() {
    holds(Hall::postgres().await).await;
}
