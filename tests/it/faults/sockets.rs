//! Many sockets at once: those that never read, and those that all come back together.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use futures::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use super::{house, number_of, reader::read};
use crate::harness::{
    Process, Server, Socket, Tenant,
    act::{client_id, write},
    wait::{allowed, within},
};

/// More than may wait for one socket, in the program and in the kernel.
const SPOKEN: usize = 1_400;

/// Lets itself in and then never reads again.
async fn never_reads(process: &Process, acme: &Tenant) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    // The kernel must not read for it.
    socket.set_recv_buffer_size(2_048).unwrap();
    comes_in(process, acme, socket).await
}

async fn comes_in(process: &Process, acme: &Tenant, socket: TcpSocket) -> WebSocketStream<TcpStream> {
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

/// Reads whatever comes, as an honest page does.
async fn reads(mut stream: WebSocketStream<TcpStream>) {
    while let Some(Ok(message)) = stream.next().await {
        if message.to_text().is_ok_and(|text| text == "2") {
            drop(stream.send(Message::text("3")).await);
        }
    }
}

/// What it is like for whoever speaks to so many.
struct Spoken {
    /// The ack that one in a hundred exceeds.
    p99: Duration,
    /// By how many KiB the server grew at most.
    grew: u64,
}

async fn speak(times: usize, process: &Process, acme: &Tenant, program: &Socket) -> Spoken {
    let before = process.resident();
    let (mut most, mut took) = (before, Vec::new());
    for number in 0..times {
        let announcement =
            json!({ "project": acme.project.id, "client_id": client_id(), "body": format!("{number:x<1000}") });
        let sent = Instant::now();
        program.ask("announcement:post", announcement).await;
        took.push(sent.elapsed());
        most = most.max(process.resident());
    }
    took.sort_unstable();
    Spoken { p99: took[(times - 1) * 99 / 100], grew: most - before }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_never_read_are_dropped_and_others_miss_nothing() {
    allow_descriptors();
    let number = number_of("HEARBACK_FAULT_DEAF", 60);
    let (acme, folder) = house().await;
    let process = Process::start(folder.path(), &["--rate-limits", "off", "--log", "warn"]).await;
    let program = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let mut honest = JoinSet::new();
    for _ in 0..number {
        honest.spawn(reads(never_reads(&process, &acme).await));
    }
    let to_honest = speak(SPOKEN / 4, &process, &acme, &program).await;
    honest.shutdown().await;

    let candidate = Socket::enter_at(&process.url, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let mut deaf = Vec::new();
    for _ in 0..number {
        deaf.push(never_reads(&process, &acme).await);
    }
    let to_deaf = speak(SPOKEN, &process, &acme, &program).await;
    let [first, last] = [SPOKEN / 4 + 1, SPOKEN / 4 + SPOKEN].map(|seq| u64::try_from(seq).unwrap());
    candidate.event("announcement:posted", |told| told["announcement"]["seq"] == last).await;
    let heard = candidate.heard("announcement:posted");
    let heard: Vec<u64> = heard.iter().map(|told| told["announcement"]["seq"].as_u64().unwrap()).collect();
    // What was told to the others last may still have come.
    assert!(heard.iter().copied().filter(|seq| *seq >= first).eq(first..=last), "one is missing: {heard:?}");
    let ratio = to_deaf.p99.as_secs_f64() / to_honest.p99.as_secs_f64();
    println!(
        "{number} that read: p99 {:.1?}, {} MiB; {number} that do not: p99 {:.1?} ({ratio:.2} of it), {} MiB",
        to_honest.p99,
        to_honest.grew >> 10,
        to_deaf.p99,
        to_deaf.grew >> 10
    );
    // Others do not wait longer, either; that can be measured with many sockets only, by `make faults`.
    assert!(number < 1_000 || ratio < 1.5, "{ratio:.2}");
    // The body alone; each copy carries it twice, as data and drawn.
    let copies = u64::try_from(deaf.len() * SPOKEN).unwrap();
    assert!(to_deaf.grew < copies, "by {} KiB: every copy was kept", to_deaf.grew);

    let dropped = process.log().matches("a socket reads too slowly").count();
    assert_eq!(dropped, number, "each was dropped");
    // A few are let read what the kernel still has, to the end; all would take minutes through so narrow a window.
    let ended = deaf.into_iter().take(10).map(|mut stream| async move {
        while let Some(Ok(message)) = stream.next().await {
            if message.is_close() {
                break;
            }
        }
    });
    within("the end of those that were dropped", join_all(ended)).await;
}

/// How often much is asked for.
const ASKED: usize = 20;

async fn asks_for_much(socket: &mut WebSocketStream<TcpStream>, acme: &Tenant) {
    for number in 0..ASKED {
        let request = json!(["message:history", { "conversation": acme.chat.conversation, "limit": 200 }]);
        socket.send(Message::text(format!("42{},{number}{request}", acme.namespace()))).await.unwrap();
    }
}

async fn reads_all(socket: &mut WebSocketStream<TcpStream>, acme: &Tenant) {
    let mut number = 0;
    while number < ASKED {
        let heard = within("an answer", socket.next()).await.expect("a connection").unwrap().into_text().unwrap();
        if heard == "2" {
            socket.send(Message::text("3")).await.unwrap();
        } else if heard.starts_with("43") {
            let head = format!("43{},{number}[", acme.namespace());
            assert!(heard.starts_with(&head) && heard.len() > 200_000, "{head} and much: {heard:.100}");
            number += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_for_much_and_reads_nothing_is_not_served_ahead() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    for number in 0..50 {
        write(server.app(), &acme.chat, &format!("{number:x<8000}")).await;
    }
    let folder = server.stop().await;
    let process = Process::start(folder.path(), &["--rate-limits", "off", "--log", "info"]).await;
    let served = || process.log().matches("event=\"message:history\"").count();
    let mut deaf = comes_in(&process, &acme, TcpSocket::new_v4().unwrap()).await;
    asks_for_much(&mut deaf, &acme).await;
    let mut honest = comes_in(&process, &acme, TcpSocket::new_v4().unwrap()).await;
    asks_for_much(&mut honest, &acme).await;
    reads_all(&mut honest, &acme).await;
    let ahead = served() - ASKED;
    assert!((1..ASKED / 2).contains(&ahead), "{ahead} answers were made for one that reads none");
    reads_all(&mut deaf, &acme).await;
    assert_eq!(served(), 2 * ASKED, "then it got them all");
}

/// Lets this process, and those it starts, open as many as they ever may.
fn allow_descriptors() {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let most = line.split_whitespace().nth(1).unwrap();
    let own = std::process::id().to_string();
    let raised = Command::new("prlimit").args(["--pid", &own, &format!("--nofile={most}:{most}")]).status().unwrap();
    assert!(raised.success());
}

const ROOMS: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_all_come_back_after_a_restart_miss_nothing() {
    allow_descriptors();
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
    for number in 0..number_of("HEARBACK_FAULT_CLIENTS", 100) {
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
    assert!(back.elapsed() < allowed(Duration::from_secs(10)), "{:?}", back.elapsed());
    readers.iter().for_each(tokio::task::JoinHandle::abort);
}
