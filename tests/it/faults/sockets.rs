//! Many sockets at once: those that never read, and those that all come back together.

use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::watch,
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use super::{house, number_of, reader::read};
use crate::harness::{
    Process, Server, Socket, Tenant,
    act::{client_id, write},
    wait::within,
};

/// More than may wait for one socket, in the program and in the kernel.
const SPOKEN: usize = 1_400;

/// Lets itself in and then never reads again.
async fn never_reads(process: &Process, acme: &Tenant) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    // The kernel must not read for it.
    socket.set_recv_buffer_size(2_048).unwrap();
    let address = process.url.trim_start_matches("http://").parse().unwrap();
    let stream = within("a connection", socket.connect(address)).await.unwrap();
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    let (mut stream, _) = client_async(url, stream).await.unwrap();
    let enter = format!("40{},{}", acme.namespace(), json!({ "link": acme.chat.link }));
    stream.send(Message::text(enter)).await.unwrap();
    let let_in = async { while !stream.next().await.unwrap().unwrap().to_text().unwrap().contains("session:ready") {} };
    within("session:ready", let_in).await;
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_never_read_are_dropped_and_others_notice_nothing() {
    let (acme, folder) = house().await;
    let process = Process::start(folder.path(), &["--rate-limits", "off", "--log", "error"]).await;
    let candidate = Socket::enter_at(&process.url, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let program = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let mut deaf = Vec::new();
    for _ in 0..number_of("HEARBACK_FAULT_DEAF", 60) {
        deaf.push(never_reads(&process, &acme).await);
    }
    let before = process.resident();
    let mut most = before;
    let mut longest = Duration::ZERO;
    for number in 0..SPOKEN {
        let announcement =
            json!({ "project": acme.project.id, "client_id": client_id(), "body": format!("{number:x<1000}") });
        let sent = Instant::now();
        program.ask("announcement:post", announcement).await;
        longest = longest.max(sent.elapsed());
        most = most.max(process.resident());
    }
    let last = i64::try_from(SPOKEN).unwrap();
    candidate.event("announcement:posted", |told| told["announcement"]["seq"] == last).await;
    let heard = candidate.heard("announcement:posted");
    assert!(heard.iter().map(|told| told["announcement"]["seq"].as_i64().unwrap()).eq(1..=last), "one is missing");
    println!("memory grew by {} MiB at most; the longest ack took {longest:.1?}", (most - before) >> 10);
    // The body alone; each copy carries it twice, as data and drawn.
    let copies = u64::try_from(deaf.len() * SPOKEN).unwrap();
    assert!(most - before < copies, "from {before} to {most} KiB: every copy was kept");

    let ended = deaf.into_iter().map(|mut stream| async move {
        while let Some(Ok(message)) = stream.next().await {
            if message.is_close() {
                break;
            }
        }
    });
    timeout(Duration::from_secs(20), join_all(ended)).await.expect("they were dropped");
}

const ROOMS: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_clients_that_come_back_after_a_restart_miss_nothing() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let mut chats = Vec::new();
    for number in 0..ROOMS {
        let chat = acme.add_candidate(server.app(), &format!("candidate {number}")).await;
        write(server.app(), &chat, "Before").await;
        chats.push(chat);
    }
    let folder = server.stop().await;
    let flags = ["--rate-limits", "off", "--log", "error"];
    let process = Process::start(folder.path(), &flags).await;
    let (moved, url) = watch::channel(process.url.clone());
    let mut readers = Vec::new();
    let mut sees = Vec::new();
    for number in 0..number_of("HEARBACK_FAULT_CLIENTS", 1_000) {
        let (seen, sees_it) = watch::channel(0);
        let chat = chats[number % ROOMS].clone();
        readers.push(tokio::spawn(read(url.clone(), acme.namespace(), chat, seen)));
        sees.push(sees_it);
    }
    let everybody = async |seq: i64, sees: &mut Vec<watch::Receiver<i64>>| {
        for one in sees.iter_mut() {
            within("everybody to have caught up", one.wait_for(|seen| *seen == seq)).await.unwrap();
        }
    };
    everybody(1, &mut sees).await;
    drop(process);
    let process = Process::start(folder.path(), &flags).await;
    let back = Instant::now();
    moved.send_replace(process.url.clone());
    for chat in &chats {
        let socket = Socket::enter_at(&process.url, &acme.namespace(), json!({ "link": chat.link })).await;
        let post = json!({ "conversation": chat.conversation, "client_id": client_id(), "body": "After" });
        socket.ask("message:post", post).await;
    }
    everybody(2, &mut sees).await;
    println!("{} clients had caught up after {:.1?}", sees.len(), back.elapsed());
    assert!(back.elapsed() < Duration::from_secs(10), "{:?}", back.elapsed());
    readers.iter().for_each(tokio::task::JoinHandle::abort);
}
