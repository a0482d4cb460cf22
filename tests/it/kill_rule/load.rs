//! Ending a connection does not wait behind everything else that is to be sent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hearback::app;
use serde_json::json;

use crate::harness::{Chat, Server, Socket, Tenant, act, postgres::Postgres, wait::until};

/// How many links are revoked; `HEARBACK_KICKS` sets another number, and then how long it takes is a promise.
const LINKS: usize = 8;

/// Dashboards on each server.
const DASHBOARDS: usize = 10;

/// Candidates who write without a pause.
const WRITERS: usize = 40;

async fn dashboards(server: &Server, acme: &Tenant, chats: &[Chat]) -> Vec<Socket> {
    let mut sockets = Vec::new();
    for _ in 0..DASHBOARDS {
        let socket = Socket::enter(server, &acme.namespace(), json!({ "token": acme.token })).await;
        for chat in chats.iter().take(4) {
            socket.ask("conversation:open", json!({ "conversation": chat.conversation })).await;
        }
        sockets.push(socket);
    }
    sockets
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_is_closed_on_another_server_at_once_under_full_load() {
    let number: Option<usize> = std::env::var("HEARBACK_KICKS").ok().map(|number| number.parse().unwrap());
    let postgres = Postgres::start();
    let (one, other) = (Server::start_on(&postgres).await, Server::start_on(&postgres).await);
    let acme = Tenant::create(one.app(), "acme").await;
    let mut chats = Vec::new();
    for number in 0..WRITERS {
        chats.push(acme.add_candidate(one.app(), &format!("candidate {number}")).await);
    }
    until("the organization on the other server", || async {
        Box::pin(Socket::connect(&other, &acme.namespace(), json!({ "token": acme.token }), &[])).await.ok()
    })
    .await;
    let watching = [dashboards(&one, &acme, &chats).await, dashboards(&other, &acme, &chats).await];
    let over = Arc::<AtomicBool>::default();
    let writers: Vec<_> = chats
        .iter()
        .cloned()
        .enumerate()
        .map(|(number, chat)| {
            let (app, over) = (if number % 2 == 0 { one.app() } else { other.app() }.clone(), Arc::clone(&over));
            tokio::spawn(async move {
                let mut written = 0_usize;
                while !over.load(Ordering::Relaxed) {
                    act::write(&app, &chat, "Hello").await;
                    written += 1;
                }
                written
            })
        })
        .collect();
    until("the load", || async { (watching[1][0].heard("queue:changed").len() > 200).then_some(()) }).await;

    let mut took = Vec::new();
    for link in 0..number.unwrap_or(LINKS) {
        let leaves = acme.add_candidate(one.app(), &format!("leaves {link}")).await;
        let socket = Socket::enter(&other, &acme.namespace(), json!({ "link": leaves.link })).await;
        app::links::revoke(one.app(), &acme.owner.actor, leaves.conversation).await.unwrap();
        let revoked = Instant::now();
        socket.event("session:ended", |ended| ended["reason"] == "link_revoked").await;
        took.push(revoked.elapsed());
        watching.iter().flatten().for_each(Socket::forget);
    }
    over.store(true, Ordering::Relaxed);
    let mut written = 0;
    for writer in writers {
        written += writer.await.unwrap();
    }
    took.sort_unstable();
    let (median, slow) = (took[took.len() / 2], took[(took.len() * 99).div_ceil(100) - 1]);
    println!("{written} messages written; {} links closed: median {median:?}, p99 {slow:?}", took.len());
    let limit = if number.is_some() { Duration::from_millis(200) } else { Duration::from_secs(2) };
    assert!(slow <= limit, "{took:?}");
}
