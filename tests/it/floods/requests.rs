//! More requests than anybody could mean.

use futures::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::{
    endure,
    stranger::{Held, Target},
};
use crate::harness::act::client_id;

/// One of an organization's candidates asks that often before it reads an answer; gives how many answers came.
async fn ask(target: Target, often: usize) -> Option<usize> {
    let mut socket = target.websocket(None).await?;
    let enter = format!("40{},{}", target.namespace, json!({ "link": target.link }));
    socket.send(Message::text(enter)).await.ok()?;
    for one in 0..often {
        let conversation = &target.conversation;
        let request = match one % 4 {
            0 => json!(["message:post", { "conversation": conversation, "client_id": client_id(), "body": "Me!" }]),
            1 => json!(["message:history", { "conversation": conversation, "limit": 200 }]),
            2 => json!(["typing:set", { "conversation": conversation, "typing": one % 8 == 2 }]),
            _ => json!(["no:such", {}]),
        };
        socket.feed(Message::text(format!("42{},{one}{request}", target.namespace))).await.ok()?;
    }
    socket.flush().await.ok()?;
    let mut answers = 0;
    while answers < often {
        let heard = socket.next().await?.ok()?;
        answers += usize::from(heard.to_text().is_ok_and(|text| text.starts_with("43")));
    }
    Some(answers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_with_acks_by_the_thousand() {
    endure("a candidate's requests with acks", |target, number| async move {
        join_all((0..5).map(|_| ask(target.clone(), number))).await;
        Held::new()
    })
    .await;
}

/// One of an organization's candidates asks for all that was ever written, often, and never reads any of it.
async fn ask_in_vain(target: Target) -> Option<WebSocketStream<TcpStream>> {
    let mut socket = target.websocket(None).await?;
    let enter = format!("40{},{}", target.namespace, json!({ "link": target.link }));
    socket.feed(Message::text(enter)).await.ok()?;
    for one in 0..100 {
        let request = json!(["message:history", { "conversation": &target.conversation, "limit": 200 }]);
        socket.feed(Message::text(format!("42{},{one}{request}", target.namespace))).await.ok()?;
    }
    socket.flush().await.ok()?;
    Some(socket)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_reads() {
    endure("sockets that ask for much and never read", |target, number| async move {
        super::doors::many(number / 10, |_| ask_in_vain(target.clone())).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_of_links_and_pages_that_are_not_there() {
    endure("guesses of links, sessions and pages", |target, number| async move {
        let form = "email=a%40b.example&password=a+long+walk+by+the+river";
        let sign_in = format!(
            "POST /sign-in HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        super::doors::many(number, async |one| match one % 4 {
            0 => target.get(&format!("/c/{one:A<43}")).await.map(drop),
            1 => target.get(&format!("/nothing/{one}")).await.map(drop),
            2 => target.get(&format!("/socket.io/?EIO=4&transport=polling&sid={one:A<16}")).await.map(drop),
            _ => target.ask(&sign_in).await.map(drop),
        })
        .await
    })
    .await;
}
