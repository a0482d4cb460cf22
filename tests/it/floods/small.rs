//! Floods in small: nothing is timed.

use super::{
    doors::{abandoned, refusals, unfinished},
    neighbour::Neighbour,
    stage::{Level, Stage},
    stranger::Flooder,
};

/// More than the descriptors that the server may keep open for itself.
const MANY: usize = 150;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_who_come_and_go_leave_nothing_behind_and_others_are_answered() {
    let stage = Stage::set().await;
    let fresh = stage.level().await;
    // Each of its messages has to be acknowledged.
    let neighbour = Neighbour::begin(&stage);
    let target = || stage.here.target();
    let held = [
        Flooder::once(target(), MANY, unfinished).await,
        Flooder::once(target(), MANY, abandoned).await,
        Flooder::once(target(), MANY, refusals).await,
    ];
    assert!(!stage.level().await.is_rid_of_them(fresh), "they are there");
    drop(held);
    drop(neighbour.end().await);
    stage.comes_back_to(fresh, Level::is_rid_of_them).await;
}
