//! The example organization is there whole or not at all.

use std::io;

use hearback::{
    app::{Settings, organizations},
    demo,
    domain::access::Operator,
};

use crate::harness::Hall;

/// Broken off before it counts as whole, as by a kill.
async fn break_off(hall: &Hall) {
    let refuse = |_: &demo::Guide| Err(io::Error::other("broken off"));
    let made = demo::look_after(&hall.pools, &Settings::default(), hall.clock.now(), true, refuse).await;
    assert!(made.is_err());
    assert_eq!(slugs(hall).await, ["acme"], "something is left");
}

async fn slugs(hall: &Hall) -> Vec<String> {
    let all = organizations::list(&hall.app, Operator::command_line()).await.unwrap();
    all.iter().map(|organization| organization.slug.to_string()).collect()
}

async fn look_after(hall: &Hall, wanted: bool) -> Option<demo::Guide> {
    demo::look_after(&hall.pools, &Settings::default(), hall.clock.now(), wanted, |_| Ok(())).await.unwrap()
}

async fn holds(hall: Hall) {
    break_off(&hall).await;
    let guide = look_after(&hall, true).await.expect("it starts anew");
    assert_eq!((guide.recruiters.len(), guide.links.len()), (2, 2));
    assert_eq!(slugs(&hall).await, ["acme"]);
    assert!(look_after(&hall, true).await.is_none(), "what is whole stays");
    assert!(look_after(&hall, false).await.is_none());
    assert_eq!(slugs(&hall).await, ["acme"]);
}

#[tokio::test]
async fn an_example_broken_off_starts_anew() {
    holds(Hall::sqlite().await).await;
}

#[tokio::test]
async fn an_example_broken_off_starts_anew_on_postgresql() {
    holds(Hall::postgres().await).await;
}

#[tokio::test]
async fn a_start_without_the_example_takes_a_half_one_away() {
    let hall = Hall::sqlite().await;
    break_off(&hall).await;
    assert!(look_after(&hall, false).await.is_none());
    assert!(slugs(&hall).await.is_empty());
    assert!(look_after(&hall, true).await.is_some(), "nothing is in its way");
}
