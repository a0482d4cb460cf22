//! Changes that wait together are written in one transaction; one that fails costs the others nothing.

use std::sync::Arc;

use futures::{future::join_all, pin_mut, poll};
use hearback::{
    app::messages,
    domain::{
        ids::OrganizationId,
        message::Message,
        page::{Limit, Stretch},
        problem::{Code, Problem},
    },
    store::{Change, Tx, messages::insert},
};
use tokio::sync::Notify;

use crate::harness::{
    Hall, Tenant,
    act::{client_id, write},
};

/// Keeps the writer busy until it is let go.
#[derive(Clone, Default)]
struct Busy {
    begun: Arc<Notify>,
    over: Arc<Notify>,
}

impl Change for Busy {
    type Output = ();

    async fn apply(&self, _: &mut Tx) -> Result<(), Problem> {
        self.begun.notify_one();
        self.over.notified().await;
        Ok(())
    }
}

/// Writes a message as it is, whether its place is free or not.
struct Plant(OrganizationId, Message);

impl Change for Plant {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let message = Message { id: tx.new_id(), ..self.1.clone() };
        Ok(insert(&mut tx.conn, self.0, &message).await?)
    }
}

async fn holds(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    write(app, &acme.chat, "the first").await;
    let all = Stretch::After(0);
    let history = || messages::history(app, &acme.recruiter.actor, acme.chat.conversation, all, Limit::MAX);
    let first = history().await.unwrap().items.remove(0);
    for bad in 0..4 {
        let busy = Busy::default();
        let held = tokio::spawn({
            let (store, busy) = (app.store.clone(), busy.clone());
            async move { store.commit(busy).await }
        });
        busy.begun.notified().await;
        let base = 10 * (bad + 1);
        let plants = (0..4).map(|number| {
            // The place of the first is taken.
            let seq = if number == bad { 1 } else { base + number };
            let message = Message { seq, client_id: client_id(), ..first.clone() };
            app.store.commit(Plant(acme.organization.id, message))
        });
        let together = join_all(plants);
        pin_mut!(together);
        assert!(poll!(&mut together).is_pending(), "all of them wait");
        busy.over.notify_one();
        held.await.unwrap().unwrap();
        for (number, outcome) in (0..).zip(together.await) {
            match outcome {
                Ok(()) => assert_ne!(number, bad),
                Err(problem) => assert_eq!((number, problem.code), (bad, Code::Internal)),
            }
        }
    }
    let all: Vec<i64> = history().await.unwrap().items.iter().map(|message| message.seq).collect();
    assert_eq!(all, [1, 11, 12, 13, 20, 22, 23, 30, 31, 33, 40, 41, 42]);
}

#[tokio::test]
async fn one_bad_row_sinks_no_neighbour_on_sqlite() {
    holds(Hall::sqlite().await).await;
}

#[tokio::test]
async fn one_bad_row_sinks_no_neighbour_on_postgresql() {
    holds(Hall::postgres().await).await;
}
