//! Connections that are opened and not used, and those that are refused.

use futures::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::{
    endure,
    stranger::{Held, Target},
};

/// How many a stranger opens at the same time.
const AT_ONCE: usize = 50;

/// Does something many times, some at once, and keeps what came of it.
pub async fn many<T, Fut>(number: usize, act: impl Fn(usize) -> Fut) -> Held
where
    T: std::any::Any + Send,
    Fut: Future<Output = Option<T>>,
{
    let mut held = Held::new();
    for first in (0..number).step_by(AT_ONCE) {
        let done = join_all((first..number.min(first + AT_ONCE)).map(&act)).await;
        held.extend(done.into_iter().flatten().map(|one| Box::new(one) as _));
    }
    held
}

/// Connections on which a request is begun and not finished.
pub async fn unfinished(target: Target, number: usize) -> Held {
    let begun = [
        "",
        "GET /sign-in HTTP/1.1\r\nHost: here\r\nX-Slow: ",
        "POST /sign-in HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\nemail=",
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n",
    ];
    many(number, |one| target.tell(begun[one % begun.len()].as_bytes())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_never_finish_a_request() {
    endure("connections that say nothing, half a head, or half a body", unfinished).await;
}

async fn left(target: Target, one: usize) -> Option<Option<WebSocketStream<TcpStream>>> {
    if one.is_multiple_of(4) {
        return Some(Some(target.websocket(None).await?));
    }
    let session = target.session().await?;
    if one % 4 == 1 {
        return Some(None);
    }
    // Hands are shaken, but it never says that it takes over; or only half.
    let mut socket = target.websocket(Some(&session)).await?;
    if one % 4 == 2 {
        socket.send(Message::text("2probe")).await.ok()?;
    }
    Some(Some(socket))
}

/// Sessions and sockets that are opened and not used.
pub async fn abandoned(target: Target, number: usize) -> Held {
    many(number, |one| left(target.clone(), one)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_are_opened_and_left() {
    endure("sessions abandoned, upgrades never finished, sockets that enter nothing", abandoned).await;
}

async fn refused(target: Target, one: usize) -> Option<()> {
    let made_up = "A".repeat(43);
    let (namespace, auth) = match one % 4 {
        0 => (format!("/org/made-up-{one}"), json!({ "link": target.link })),
        1 => (target.namespace.clone(), json!({ "token": made_up })),
        2 => (target.namespace.clone(), json!({ "link": made_up })),
        _ => ("/admin".to_owned(), json!({})),
    };
    let mut socket = target.websocket(None).await?;
    socket.send(Message::text(format!("40{namespace},{auth}"))).await.ok()?;
    loop {
        let heard = socket.next().await?.ok()?;
        if heard.to_text().is_ok_and(|text| text.starts_with("44")) {
            return Some(());
        }
    }
}

/// Connections that are refused, each for one of four reasons.
pub async fn refusals(target: Target, number: usize) -> Held {
    many(number, |one| refused(target.clone(), one)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_refused() {
    endure("a connection for each refusal", refusals).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_that_asks_to_be_let_in_again_and_again() {
    endure("refusals by the thousand on a few connections", |target, number| async move {
        let mut held = Held::new();
        for _ in 0..number.div_ceil(100) {
            let Some(mut socket) = target.websocket(None).await else { continue };
            let enter = format!("40{},{}", target.namespace, json!({ "link": target.link }));
            let mut knocks = vec![enter.clone(), enter];
            for one in 0..1_000 {
                let namespace = if one % 2 == 0 { target.namespace.clone() } else { format!("/made-up-{one}") };
                knocks.push(format!("40{namespace},{}", json!({ "token": "A".repeat(43) })));
            }
            for knock in knocks {
                if socket.send(Message::text(knock)).await.is_err() {
                    break;
                }
            }
            held.push(Box::new(socket));
        }
        held
    })
    .await;
}
