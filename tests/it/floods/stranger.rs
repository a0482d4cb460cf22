//! Somebody who means no good, at an address of their own.

use std::{
    any::Any,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::harness::Tenant;

/// What a stranger keeps open.
pub type Held = Vec<Box<dyn Any + Send>>;

/// A server and what a stranger may know of it.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub namespace: String,
    /// A chat link's secret: the stranger may be one of the organization's candidates.
    pub link: String,
    pub conversation: String,
}

impl Target {
    pub fn of(url: &str, acme: &Tenant) -> Self {
        Self {
            address: url.trim_start_matches("http://").parse().unwrap(),
            namespace: acme.namespace(),
            link: acme.chat.link.clone(),
            conversation: acme.chat.conversation.to_string(),
        }
    }

    /// A connection; limits go by address, so the stranger's is not that of the others.
    pub async fn connect(&self) -> Option<TcpStream> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.66:0".parse().unwrap()).ok()?;
        socket.connect(self.address).await.ok()
    }

    /// A connection on which that was sent.
    pub async fn tell(&self, bytes: &[u8]) -> Option<TcpStream> {
        let mut stream = self.connect().await?;
        stream.write_all(bytes).await.ok()?;
        Some(stream)
    }

    /// A whole request and its answer; `None` when the server refuses to talk.
    pub async fn ask(&self, request: &str) -> Option<String> {
        let mut stream = self.tell(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        String::from_utf8(answer).ok()
    }

    pub async fn get(&self, path: &str) -> Option<String> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)).await
    }

    /// A session by long polling.
    pub async fn session(&self) -> Option<String> {
        let opened = self.get("/socket.io/?EIO=4&transport=polling").await?;
        Some(opened.split("\"sid\":\"").nth(1)?.split('"').next()?.to_owned())
    }

    /// A WebSocket, perhaps to a session that is there already; `None` when it is refused.
    pub async fn websocket(&self, session: Option<&str>) -> Option<WebSocketStream<TcpStream>> {
        let mut url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", self.address);
        if let Some(session) = session {
            url = format!("{url}&sid={session}");
        }
        Some(client_async(url, self.connect().await?).await.ok()?.0)
    }
}

/// Does one flood again and again, in a thread of its own, until it is dropped.
pub struct Flooder {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Flooder {
    pub fn start<F, Fut>(target: Target, many: usize, flood: F) -> Self
    where
        F: Fn(Target, usize) -> Fut + Send + 'static,
        Fut: Future<Output = Held> + Send,
    {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&over);
        let thread = run(async move {
            let mut held = Held::new();
            while !is_over.load(Ordering::Relaxed) {
                held.extend(flood(target.clone(), (many / 10).max(1)).await);
                held.drain(..held.len().saturating_sub(many));
                // A flood that was refused at once would keep a whole processor busy with nothing.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        Self { over, thread: Some(thread) }
    }

    /// The whole flood once; gives what it holds.
    pub async fn once<F, Fut>(target: Target, many: usize, flood: F) -> Held
    where
        F: Fn(Target, usize) -> Fut + Send + 'static,
        Fut: Future<Output = Held> + Send,
    {
        let thread = run(async move { flood(target, many).await });
        tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap()
    }
}

impl Drop for Flooder {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::thread::spawn(move || runtime.block_on(work))
}
