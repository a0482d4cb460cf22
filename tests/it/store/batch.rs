//! Changes that wait together are written in one transaction; one that fails costs the others nothing.

use std::sync::Arc;

use futures::{future::join_all, pin_mut, poll};
use hearback::{
    app::{
        App,
        messages::{self, Post},
    },
    domain::{
        ids::{ConversationId, OrganizationId},
        message::{Message, NewMessage},
        page::{Limit, Stretch},
        problem::{Code, Problem},
    },
    store::{Change, Pools, Tx, messages::insert},
};
use tokio::sync::Notify;

use crate::harness::{
    Hall, Tenant,
    act::{body, client_id, write},
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

/// What comes of changes that wait until the writer is free, and so are written together.
async fn at_once<T>(app: &App, changes: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let busy = Busy::default();
    let held = tokio::spawn({
        let (store, busy) = (app.store.clone(), busy.clone());
        async move { store.commit(busy).await }
    });
    busy.begun.notified().await;
    let together = join_all(changes);
    pin_mut!(together);
    assert!(poll!(&mut together).is_pending(), "all of them wait");
    busy.over.notify_one();
    held.await.unwrap().unwrap();
    together.await
}

/// Only the one at that place has failed.
fn assert_only<T>(bad: usize, outcomes: &[Result<T, Problem>]) {
    let failed = outcomes.iter().map(|outcome| outcome.as_ref().err().map(|problem| problem.code));
    let expected = (0..outcomes.len()).map(|number| (number == bad).then_some(Code::Internal));
    assert_eq!(failed.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

async fn one_that_cannot_be_written_sinks_no_neighbour(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    write(app, &acme.chat, "the first").await;
    let all = Stretch::After(0);
    let history = || messages::history(app, &acme.recruiter.actor, acme.chat.conversation, all, Limit::MAX);
    let first = history().await.unwrap().items.remove(0);
    for bad in 0..4 {
        let base = 10 * (bad + 1);
        let plants = (0..4).map(|number| {
            // The place of the first is taken.
            let seq = if number == bad { 1 } else { base + number };
            let message = Message { seq, client_id: client_id(), ..first.clone() };
            app.store.commit(Plant(acme.organization.id, message))
        });
        assert_only(bad.try_into().unwrap(), &at_once(app, plants).await);
    }
    let all: Vec<i64> = history().await.unwrap().items.iter().map(|message| message.seq).collect();
    assert_eq!(all, [1, 11, 12, 13, 20, 22, 23, 30, 31, 33, 40, 41, 42]);
}

/// Puts a word into a conversation that no Hearback writes.
async fn spoil(hall: &Hall, conversation: ConversationId) {
    const SPOIL: &str = "UPDATE conversations SET priority = 'whenever' WHERE id = $1";
    match &hall.pools {
        // The writer's own connection is the store's.
        Pools::Sqlite { readers, .. } => {
            let mut connection = readers.acquire().await.unwrap().detach();
            sqlx::query("PRAGMA query_only = 0").execute(&mut connection).await.unwrap();
            sqlx::query(SPOIL).bind(conversation).execute(&mut connection).await.unwrap();
        }
        Pools::Postgres(pool) => drop(sqlx::query(SPOIL).bind(conversation).execute(pool).await.unwrap()),
    }
}

async fn one_that_cannot_be_read_sinks_no_neighbour(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let mut chats = vec![acme.chat.clone()];
    for name in ["Ada", "Bea", "Cem"] {
        chats.push(acme.add_candidate(app, name).await);
    }
    spoil(&hall, chats[1].conversation).await;
    let posts = chats.iter().map(|chat| {
        let message = NewMessage { conversation: chat.conversation, client_id: client_id(), body: body("Hello") };
        messages::post(app, &chat.actor, Post { message, reply: None, origin: None })
    });
    assert_only(1, &at_once(app, posts).await);
}

#[tokio::test]
async fn one_bad_row_sinks_no_neighbour_on_sqlite() {
    one_that_cannot_be_written_sinks_no_neighbour(Hall::sqlite().await).await;
    one_that_cannot_be_read_sinks_no_neighbour(Hall::sqlite().await).await;
}

#[tokio::test]
async fn one_bad_row_sinks_no_neighbour_on_postgresql() {
    one_that_cannot_be_written_sinks_no_neighbour(Hall::postgres().await).await;
    one_that_cannot_be_read_sinks_no_neighbour(Hall::postgres().await).await;
}
