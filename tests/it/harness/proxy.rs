//! A network that can be cut: a small TCP proxy before a server.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{AbortHandle, JoinSet},
};

/// What gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Everything.
    Whole,
    /// Nothing, and nobody is told: what is sent waits. A cable that is pulled.
    Silent,
    /// Nothing: every connection ends, and none begins. A server's address that answers no more.
    Broken,
}

/// The proxy; it ends with the value.
pub struct Proxy {
    pub url: String,
    line: watch::Sender<Line>,
    task: AbortHandle,
}

impl Proxy {
    /// Before the server at that address.
    pub async fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url_of_proxy = format!("http://{}", listener.local_addr().unwrap());
        let (line, state) = watch::channel(Line::Whole);
        let target = url.trim_start_matches("http://").parse().unwrap();
        let task = tokio::spawn(accept(listener, state, target)).abort_handle();
        Self { url: url_of_proxy, line, task }
    }

    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, line: watch::Receiver<Line>, target: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        connections.spawn(carry(client, target, line.clone()));
    }
}

/// Until either side ends or the line breaks.
async fn carry(client: TcpStream, to: SocketAddr, mut line: watch::Receiver<Line>) {
    let watched = line.clone();
    let broken = async {
        drop(line.wait_for(|line| *line == Line::Broken).await);
    };
    let through = async move {
        let mut state = watched.clone();
        drop(state.wait_for(|line| *line != Line::Silent).await);
        let Ok(server) = TcpStream::connect(to).await else { return };
        drop(server.set_nodelay(true));
        drop(client.set_nodelay(true));
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        tokio::select! {
            () = pass(from_client, to_server, watched.clone()) => {}
            () = pass(from_server, to_client, watched) => {}
        }
    };
    tokio::select! {
        biased;
        () = broken => {}
        () = through => {}
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<Line>) {
    let mut bytes = vec![0; 1 << 14];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        // What was under way when the line fell silent waits, too.
        if line.wait_for(|line| *line == Line::Whole).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
