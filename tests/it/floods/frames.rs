//! Frames that are too large, and those that say nothing.

use futures::{SinkExt, StreamExt};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Bytes, Message},
};

use super::{
    endure,
    stranger::{Held, Target},
};

/// What the transport takes at most.
const LARGEST: usize = 256 << 10;

async fn let_in(target: &Target) -> Option<WebSocketStream<TcpStream>> {
    let mut socket = target.websocket(None).await?;
    let enter = format!("40{},{}", target.namespace, json!({ "link": target.link }));
    socket.send(Message::text(enter)).await.ok()?;
    while !socket.next().await?.ok()?.to_text().ok()?.contains("session:ready") {}
    Some(socket)
}

/// The head of a frame of text from a client, with a mask that changes nothing.
fn head(length: u64, last: bool) -> Vec<u8> {
    let mut head = vec![if last { 0x81 } else { 0x01 }, 0xff];
    head.extend(length.to_be_bytes());
    head.extend([0; 4]);
    head
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_as_large_as_can_be() {
    endure("frames at the limit, above it, promised and never sent, and in endless parts", |target, number| async move {
        let mut held = Held::new();
        for one in 0..number / 10 {
            let Some(mut socket) = let_in(&target).await else { continue };
            let part = "x".repeat(LARGEST / 2);
            let sent = match one % 5 {
                // Just small enough to be answered.
                0 => socket.send(Message::text(format!("42{},1[\"{}\"]", target.namespace, "x".repeat(LARGEST - 64)))).await,
                1 => socket.send(Message::text("x".repeat(2 * LARGEST))).await,
                2 => socket.send(Message::binary(Bytes::from(vec![4; 2 * LARGEST]))).await,
                kind => {
                    let stream = socket.get_mut();
                    let (length, last) = if kind == 3 { (1 << 40, true) } else { (part.len() as u64, false) };
                    for _ in 0..3 {
                        let begun = [head(length, last), part.clone().into_bytes()].concat();
                        if stream.write_all(&begun).await.is_err() {
                            break;
                        }
                    }
                    Ok(())
                }
            };
            drop(sent);
            held.push(Box::new(socket));
        }
        let session = target.session().await.unwrap_or_default();
        for length in [LARGEST + 1, 1 << 40] {
            let post = format!(
                "POST /socket.io/?EIO=4&transport=polling&sid={session} HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n4"
            );
            if let Some(mut stream) = target.tell(post.as_bytes()).await {
                drop(stream.write_all(&vec![b'x'; 2 * LARGEST]).await);
                held.push(Box::new(stream));
            }
        }
        held
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_say_nothing() {
    endure("pongs, pings, empty and unreadable frames in mass", |target, number| async move {
        let mut held = Held::new();
        let frames: [Message; 4] =
            [Message::text("3"), Message::Ping(Bytes::new()), Message::Pong(Bytes::new()), Message::text("2")];
        for _ in 0..number.div_ceil(100) {
            let Some(mut socket) = let_in(&target).await else { continue };
            for one in 0..5_000 {
                if socket.feed(frames[one % frames.len()].clone()).await.is_err() {
                    break;
                }
            }
            drop(socket.flush().await);
            held.push(Box::new(socket));
        }
        held.extend(
            super::doors::many(number, async |one| {
                let mut socket = target.websocket(None).await?;
                let nonsense = ["", "9", "4", "4x", "45", "42[", "451-[\"x\",{\"_placeholder\":true,\"num\":0}]"];
                socket.send(Message::text(nonsense[one % nonsense.len()])).await.ok()?;
                Some(socket)
            })
            .await,
        );
        held
    })
    .await;
}
