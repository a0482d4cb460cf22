//! A server that is stopped in the middle of its work, and what the others do meanwhile.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hearback::{
    app,
    domain::{
        ids::{ConversationId, OrganizationId},
        page::{Limit, Stretch},
        problem::{Code, Problem},
    },
    store::{Change, Tx, conversations},
};
use serde_json::json;
use tokio::sync::Notify;

use super::cluster::Cluster;
use crate::harness::{
    Chat, Process, Server, Socket, Tenant,
    act::{self, client_id, write},
    postgres::Postgres,
    wait::{until, within},
};

/// How long the clients of another server may wait.
const DELAY: Duration = Duration::from_secs(7);

/// A change that takes the next `seq` of a conversation and stops before its commit.
#[derive(Clone)]
struct Stops {
    chat: Chat,
    organization: OrganizationId,
    stopped: Arc<Notify>,
    goes_on: Arc<Notify>,
}

impl Change for Stops {
    type Output = ();

    fn conversation(&self) -> Option<ConversationId> {
        Some(self.chat.conversation)
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        conversations::next_seq(&mut tx.conn, self.organization, self.chat.conversation, now).await?;
        self.stopped.notify_one();
        self.goes_on.notified().await;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_in_a_transaction_delays_others_by_seconds_and_loses_what_it_held() {
    let cluster = Cluster::start(2).await;
    let [stops, serves] = &cluster.apps[..] else { panic!("two servers") };
    let acme = Tenant::create(serves, "acme").await;
    write(serves, &acme.chat, "Hello").await;
    let change = Stops {
        chat: acme.chat.clone(),
        organization: acme.organization.id,
        stopped: Arc::default(),
        goes_on: Arc::default(),
    };
    let held = tokio::spawn({
        let (store, change) = (stops.store.clone(), change.clone());
        async move { store.commit(change).await }
    });
    within("the change to stop", change.stopped.notified()).await;
    let since = Instant::now();
    assert_eq!(write(serves, &acme.chat, "Is anybody there?").await, 2, "what was not committed took no place");
    assert!(act::next(serves, &acme.recruiter.actor).await.is_some());
    assert!(since.elapsed() < DELAY, "{:?}", since.elapsed());
    change.goes_on.notify_one();
    let late = within("the late answer", held).await.unwrap();
    assert_eq!(late.unwrap_err().code, Code::Busy, "what was rolled back is not acknowledged");
    // It goes on with a new connection.
    assert_eq!(write(stops, &acme.chat, "Back again").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_held_through_a_stopped_server_is_handed_on_and_its_late_reply_is_refused() {
    let postgres = Postgres::start();
    let serves =
        Server::start_with(&["--rate-limits", "off", "--database-url", &postgres.url(), "--lease-seconds", "2"]).await;
    let acme = Tenant::create(serves.app(), "acme").await;
    let namespace = acme.namespace();
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--rate-limits", "off", "--database-url", &postgres.url(), "--lease-seconds", "2"];
    let stops = Process::start(folder.path(), &flags).await;
    write(serves.app(), &acme.chat, "Hello").await;
    let holder = Socket::enter_at(&stops.url, &namespace, json!({ "token": acme.token })).await;
    let claimed = holder.ask("queue:next", json!({})).await;
    // Work that the stopped server is in the middle of.
    let busy = acme.add_candidate(serves.app(), "busy").await;
    let candidate = Socket::enter_at(&stops.url, &namespace, json!({ "link": busy.link })).await;
    let post = || json!({ "conversation": busy.conversation, "client_id": client_id(), "body": "More" });
    let posts: Vec<_> = (0..100).map(|_| candidate.send("message:post", &post())).collect();
    stops.freeze().await;

    let since = Instant::now();
    let colleague = &acme.colleague.actor;
    until("the lease to be handed on", || async {
        let next = app::queue::next(serves.app(), colleague, None).await.unwrap()?;
        (next.entry.conversation == acme.chat.conversation).then_some(())
    })
    .await;
    assert!(since.elapsed() < DELAY, "{:?}", since.elapsed());
    write(serves.app(), &busy, "From the other server").await;
    assert!(since.elapsed() < DELAY + DELAY, "{:?}", since.elapsed());
    let late = json!({
        "conversation": acme.chat.conversation, "client_id": client_id(), "body": "Late", "seen_seq": 1,
        "lease": claimed["lease"]["token"],
    });
    let reply = holder.send("message:post", &late);
    stops.thaw();
    let answer = within("the late answer", reply).await.unwrap();
    assert_eq!(answer["error"]["code"], "claim_lost", "{answer}");
    let stored = app::messages::history(serves.app(), colleague, acme.chat.conversation, Stretch::After(0), Limit::MAX);
    assert_eq!(stored.await.unwrap().last_seq, 1, "the late reply was not written");
    for post in posts {
        let answer = within("an answer", post).await.unwrap();
        assert!(answer["ok"] == true || answer["error"]["code"] == "busy", "{answer}");
    }
}
