//! Several nodes, and such as die.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use hearback::{
    app::{App, jobs},
    domain::{
        ids::NodeId,
        job::{Failure, JobKind, JobState, NewJob},
    },
    jobs::Runner,
    store::{Announcing, Pools, Store},
};

use super::{RHYTHM, call, count, counted, outside, reason};
use crate::harness::{Hall, act::schedule, receiver::Receiver};

/// Another server on the same database, as far as jobs are concerned. On SQLite one process writes, so there it is another
/// runner of the same.
fn other(hall: &Hall) -> App {
    let Pools::Postgres(_) = hall.pools else { return hall.app.clone() };
    let metrics = Arc::default();
    let (store, _) = Store::start(hall.pools.clone(), hall.clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
    App { store, metrics, ..hall.app.clone() }
}

async fn two_nodes(hall: Hall) {
    const JOBS: usize = 60;
    let receiver = Receiver::start().await;
    let (one, two) = (hall.app.clone(), other(&hall));
    for _ in 0..JOBS {
        schedule(&one, NewJob::now(call("each"))).await;
    }
    let outside = outside(Some(&receiver), None);
    let _runners = [&one, &two].map(|app| Runner::start(app, &outside, RHYTHM));
    counted(&one, JobState::Done, i64::try_from(JOBS).unwrap()).await;
    let ids = receiver.ids_of("each");
    assert_eq!(ids.len(), JOBS, "each once");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), JOBS, "and none in another's place");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_never_do_one_twice() {
    two_nodes(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_never_do_one_twice_on_postgresql() {
    two_nodes(Hall::postgres().await).await;
}

async fn dying(hall: Hall) {
    let receiver = Receiver::start().await;
    let outside = outside(Some(&receiver), None);
    receiver.answers(false);
    let dies = Runner::start(&hall.app, &outside, RHYTHM);
    schedule(&hall.app, NewJob::now(call("held"))).await;
    let first = receiver.called("held", 1).await;
    // Ended for certain before it is answered: a drop alone leaves the moment to the runtime.
    dies.stop(Duration::ZERO).await;
    receiver.answers(true);

    let survivor = other(&hall);
    let _runner = Runner::start(&survivor, &outside, RHYTHM);
    schedule(&survivor, NewJob::now(call("good"))).await;
    counted(&survivor, JobState::Done, 1).await;
    assert_eq!(receiver.ids_of("held"), first, "the lease has not ended yet");
    hall.pass(RHYTHM.lease);
    let both = receiver.called("held", 2).await;
    assert_eq!(both, [&first[..], &first[..]].concat(), "by its id it is known again");
    counted(&survivor, JobState::Done, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_dies_gives_its_jobs_back_when_the_lease_ends() {
    dying(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_dies_gives_its_jobs_back_when_the_lease_ends_on_postgresql() {
    dying(Hall::postgres().await).await;
}

async fn late(hall: Hall) {
    let app = &hall.app;
    let nodes: [NodeId; 2] = [app.clock.new_id(), app.clock.new_id()];
    schedule(app, NewJob::now(call("slow"))).await;
    let claim = async |node| jobs::claim(app, JobKind::Webhook, node, RHYTHM.lease, 10).await.unwrap();
    let first = &claim(nodes[0]).await.pop().expect("there is one");
    assert!(claim(nodes[1]).await.is_empty(), "it is held");
    hall.pass(RHYTHM.lease);
    let second = &claim(nodes[1]).await.pop().expect("the lease has ended");
    assert_eq!((first.id, first.tries, second.tries), (second.id, 1, 2));
    // Whoever has lost it has no say in it any more, whatever came of it; nor under the other's name with an old try.
    for node in nodes {
        jobs::finish(app, first, node, Ok(())).await.unwrap();
        jobs::finish(app, first, node, Err(Failure::for_good("too late"))).await.unwrap();
        assert_eq!(count(app, JobState::Running).await, 1);
    }
    jobs::finish(app, second, nodes[1], Ok(())).await.unwrap();
    assert_eq!(count(app, JobState::Done).await, 1);
}

#[tokio::test]
async fn whoever_has_lost_a_job_has_no_say_in_it() {
    late(Hall::sqlite().await).await;
}

#[tokio::test]
async fn whoever_has_lost_a_job_has_no_say_in_it_on_postgresql() {
    late(Hall::postgres().await).await;
}

#[tokio::test]
async fn a_job_by_which_every_node_dies_is_set_aside() {
    let hall = Hall::sqlite().await;
    let app = &hall.app;
    schedule(app, NewJob::now(call("deadly"))).await;
    let claim = async || jobs::claim(app, JobKind::Webhook, app.clock.new_id(), RHYTHM.lease, 10).await.unwrap().len();
    for tries in 1..=5 {
        assert_eq!(claim().await, 1, "try {tries}");
        hall.pass(RHYTHM.lease);
    }
    assert_eq!(claim().await, 0, "five times is enough");
    assert_eq!(count(app, JobState::Failed).await, 1);
    assert!(reason(app).await.contains("the server ended"));
}

#[tokio::test]
async fn a_lease_of_a_clock_that_ran_ahead_is_bounded_by_the_next_start() {
    let hall = Hall::sqlite().await;
    let app = &hall.app;
    schedule(app, NewJob::now(call("held"))).await;
    let claim = async || jobs::claim(app, JobKind::Webhook, app.clock.new_id(), RHYTHM.lease, 10).await.unwrap().len();
    hall.pass(TimeDelta::days(1));
    assert_eq!(claim().await, 1);
    hall.pass(TimeDelta::days(-1));
    assert_eq!(claim().await, 0);
    jobs::bound_leases(app, RHYTHM.lease).await.unwrap();
    assert_eq!(claim().await, 1, "nobody else can be at work on SQLite");
}
