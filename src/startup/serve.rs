//! Takes connections and answers them, with little patience for those who only hold them open.

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, serve::Listener};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use super::{impatient::Impatient, patient::Patient};
use crate::realtime::{connection::Connection, turns::Turns};

/// How long the other side of a connection may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the head of a request, and between two. A client that sends it a byte at a time holds its connection no
    /// longer; a proxy that keeps connections sends often enough.
    head: Duration,
    /// To take some of what is sent to it.
    deaf: Duration,
}

/// The patience of a server.
pub(super) const PATIENCE: Patience = Patience { head: Duration::from_secs(30), deaf: Duration::from_secs(30) };

/// How long it is for heads where a crowd stands at the door and says nothing.
const HEAD_IN_CROWD: Duration = Duration::from_secs(3);

/// How many connections that have asked for nothing yet are a crowd. Whoever means to ask does so at once: of the
/// thousands who come back after a restart only a few are here at a time.
const CROWD: usize = 1_000;

/// Serves until it is told to stop, then until the last request that was begun has its answer.
pub(super) async fn run(
    mut listener: TcpListener,
    router: Router,
    turns: Turns,
    patience: Patience,
    stopping: CancellationToken,
) {
    let connections = TaskTracker::new();
    let silent = Arc::new(AtomicUsize::new(0));
    loop {
        // What cannot be accepted, such as for want of descriptors, is logged and tried again in there.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = stopping.cancelled() => break,
        };
        let silent = Silent::among(&silent);
        let head = if silent.is_crowd() { patience.head.min(HEAD_IN_CROWD) } else { patience.head };
        let patience = Patience { head, ..patience };
        connections.spawn(connection(stream, turns.clone(), peer, router.clone(), silent, patience, stopping.clone()));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// A connection that has asked for nothing yet, counted for as long as that is so.
struct Silent {
    count: Arc<AtomicUsize>,
    has_spoken: AtomicBool,
}

impl Silent {
    fn among(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self { count: Arc::clone(count), has_spoken: AtomicBool::new(false) }
    }

    fn is_crowd(&self) -> bool {
        self.count.load(Ordering::Relaxed) > CROWD
    }

    fn speaks(&self) {
        if !self.has_spoken.swap(true, Ordering::Relaxed) {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.speaks();
    }
}

async fn connection(
    stream: TcpStream,
    turns: Turns,
    peer: SocketAddr,
    router: Router,
    silent: Silent,
    patience: Patience,
    stopping: CancellationToken,
) {
    // Small answers go out at once instead of waiting for the acknowledgement of the one before.
    drop(stream.set_nodelay(true));
    let silent = Arc::new(silent);
    let state = Connection::default();
    let stream = Patient::new(stream, turns, state.clone());
    let stream = Impatient::new(stream, patience.deaf, state.clone());
    let service = router.map_request(move |request: Request<Incoming>| {
        silent.speaks();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(state.clone());
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        http::{StatusCode, header},
        routing::get,
    };
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn served(head: Duration) -> (TcpStream, CancellationToken) {
        serves(Router::new().route("/", get(async || "here")), Patience { head, ..PATIENCE }).await
    }

    async fn serves(router: Router, patience: Patience) -> (TcpStream, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = CancellationToken::new();
        tokio::spawn(run(listener, router, Turns::start(), patience, stopping.clone()));
        (TcpStream::connect(address).await.unwrap(), stopping)
    }

    async fn rest_of(stream: &mut TcpStream) -> String {
        let mut rest = Vec::new();
        // A reset is an end too.
        drop(tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await.expect("an end"));
        String::from_utf8(rest).unwrap()
    }

    #[tokio::test]
    async fn whoever_never_finishes_a_request_is_let_go() {
        for begun in ["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: here\r\nX-Slow: a"] {
            let (mut stream, _stopping) = served(Duration::from_millis(50)).await;
            stream.write_all(begun.as_bytes()).await.unwrap();
            assert!(!rest_of(&mut stream).await.contains("200 OK"), "{begun:?}");
        }
    }

    #[tokio::test]
    async fn a_whole_request_is_answered_and_a_stop_waits_for_it() {
        let (mut stream, stopping) = served(Duration::from_secs(20)).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").await.unwrap();
        let mut first = [0; 15];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        stopping.cancel();
        assert!(rest_of(&mut stream).await.ends_with("here"));
    }

    #[tokio::test]
    async fn who_has_taken_a_connection_over_and_never_reads_is_let_go() {
        let (tell, told) = tokio::sync::oneshot::channel();
        let tell = Arc::new(std::sync::Mutex::new(Some(tell)));
        let upgrade = async move |request: axum::extract::Request| {
            tokio::spawn(async move {
                let mut upgraded = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
                // Until the kernel takes no more of it either.
                let ended = loop {
                    if let Err(error) = upgraded.write_all(&[0; 8 << 10]).await {
                        break (error.kind(), upgraded.read_u8().await.is_err());
                    }
                };
                tell.lock().unwrap().take().unwrap().send(ended).unwrap();
            });
            let headers = [(header::CONNECTION, "upgrade"), (header::UPGRADE, "x")];
            (StatusCode::SWITCHING_PROTOCOLS, headers)
        };
        let patience = Patience { deaf: Duration::from_millis(50), ..PATIENCE };
        let (mut deaf, _stopping) = serves(Router::new().route("/", get(upgrade)), patience).await;
        deaf.write_all(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n").await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(20), told).await.expect("an end").unwrap();
        assert_eq!(ended, (std::io::ErrorKind::TimedOut, true), "nothing is heard of it any more either");
    }

    #[tokio::test]
    async fn a_crowd_that_says_nothing_is_let_go_sooner_and_those_who_ask_are_no_crowd() {
        let count = Arc::new(AtomicUsize::new(0));
        let mut crowd: Vec<_> = (0..CROWD).map(|_| Silent::among(&count)).collect();
        assert!(!crowd[0].is_crowd());
        let newcomer = Silent::among(&count);
        assert!(newcomer.is_crowd());
        crowd[0].speaks();
        crowd[0].speaks();
        assert!(!newcomer.is_crowd(), "one of them has asked, and counts once");
        crowd.clear();
        assert_eq!(count.load(Ordering::Relaxed), 1, "who has gone is not counted");
    }
}
