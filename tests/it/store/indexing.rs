//! Messages are put into the full-text index some time after they were written; whoever searches does not notice.

use hearback::{
    app::{candidates, search},
    domain::access::Actor,
};

use crate::harness::{Hall, Tenant, act};

async fn found(hall: &Hall, actor: &Actor, words: &str) -> usize {
    search::search(&hall.app, actor, words).await.unwrap().messages.len()
}

async fn a_search_finds_what_there_is(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let (owner, erased) = (&acme.owner.actor, acme.add_candidate(app, "Erika").await);
    act::write(app, &erased, "Zanzibar, the first").await;
    assert_eq!(found(&hall, owner, "zanzibar").await, 1, "at once");
    act::write(app, &erased, "Zanzibar, the second, which nobody has looked for").await;
    candidates::erase(app, owner, erased.added.candidate.id).await.unwrap();
    assert_eq!(found(&hall, owner, "zanzibar").await, 0, "neither what was in the index nor what waited for it");
    act::write(app, &acme.chat, "Zanzibar, in the place of what is gone").await;
    assert_eq!(found(&hall, owner, "zanzibar place").await, 1);
    for number in 0..1_100 {
        act::write(app, &acme.chat, &format!("Timbuktu {number}")).await;
    }
    assert_eq!(found(&hall, owner, "timbuktu 0").await, 1, "also of more than are put into the index at once");
    assert_eq!(found(&hall, owner, "timbuktu 1099").await, 1);
}

#[tokio::test]
async fn a_search_finds_what_was_written_at_once_and_nothing_that_was_erased() {
    a_search_finds_what_there_is(Hall::sqlite().await).await;
}

#[tokio::test]
async fn a_search_finds_what_was_written_at_once_and_nothing_that_was_erased_on_postgresql() {
    a_search_finds_what_there_is(Hall::postgres().await).await;
}
