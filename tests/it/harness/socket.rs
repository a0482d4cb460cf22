//! A small Socket.IO client: Engine.IO 4 over WebSocket, one namespace. Written by hand, so that it can also send what no
//! official client would.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::{Server, wait::within};

/// An event as it came in: its name and its payload.
pub type Heard = (String, Value);

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    acks: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    /// `Some` once the server has let the socket in (`Ok`) or refused it (`Err`).
    entered: Mutex<Option<Result<(), String>>>,
    ended: Mutex<bool>,
    stirred: Notify,
}

/// A socket in one namespace.
pub struct Socket {
    namespace: String,
    shared: Arc<Shared>,
    out: mpsc::UnboundedSender<Message>,
    next_ack: AtomicU64,
    task: JoinHandle<()>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Socket {
    /// Enters a namespace and waits for `session:ready`.
    pub async fn enter(server: &Server, namespace: &str, auth: Value) -> Self {
        let socket = Self::connect(server, namespace, auth, &[]).await.expect("let in");
        socket.event("session:ready", |_| true).await;
        socket
    }

    /// As [`Socket::enter`], of a server that runs elsewhere.
    pub async fn enter_at(url: &str, namespace: &str, auth: Value) -> Self {
        let socket = Self::connect_at(url, namespace, auth, &[]).await.expect("let in");
        socket.event("session:ready", |_| true).await;
        socket
    }

    /// Enters as a browser does: with a cookie and the own origin.
    pub async fn enter_by_cookie(server: &Server, namespace: &str, cookie: &str) -> Self {
        let origin = server.url();
        let headers = [("cookie", cookie), ("origin", origin.as_str())];
        let socket = Self::connect(server, namespace, json!({}), &headers).await.expect("let in");
        socket.event("session:ready", |_| true).await;
        socket
    }

    /// Enters the operators' namespace, with an operator's cookie.
    pub async fn enter_as_operator(url: &str, cookie: &str) -> Self {
        let socket = Self::connect_at(url, "/admin", json!({}), &[("cookie", cookie), ("origin", url)]).await;
        socket.expect("an operator")
    }

    /// Asks to be let in.
    ///
    /// # Errors
    /// The message of CONNECT_ERROR.
    pub async fn connect(
        server: &Server,
        namespace: &str,
        auth: Value,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, String> {
        Self::connect_at(&server.url(), namespace, auth, headers).await
    }

    /// As [`Socket::connect`], of a server that runs elsewhere.
    ///
    /// # Errors
    /// The message of CONNECT_ERROR, or why there was no connection.
    pub async fn connect_at(
        url: &str,
        namespace: &str,
        auth: Value,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, String> {
        let url = format!("{}/socket.io/?EIO=4&transport=websocket", url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (stream, _) = within("the WebSocket", connect_async(request)).await.map_err(|error| error.to_string())?;
        let (out, outgoing) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(carry(stream, outgoing, out.clone(), Arc::clone(&shared), namespace.to_owned()));
        let socket = Self { namespace: namespace.to_owned(), shared, out, next_ack: AtomicU64::new(0), task };
        socket.raw(&format!("40{namespace},{auth}"));
        let entered = socket.state("being let in or refused", |shared| shared.entered.lock().unwrap().clone()).await;
        entered.map(|()| socket)
    }

    /// Sends a text frame as it is.
    pub fn raw(&self, frame: &str) {
        drop(self.out.send(Message::text(frame.to_owned())));
    }

    /// Sends a request and gives where its ack will come.
    pub fn send(&self, event: &str, payload: &Value) -> oneshot::Receiver<Value> {
        self.send_raw(&json!([event, payload]).to_string())
    }

    /// Sends a packet's data as it is written, wanting an ack.
    pub fn send_raw(&self, data: &str) -> oneshot::Receiver<Value> {
        let id = self.next_ack.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        self.shared.acks.lock().unwrap().insert(id, sender);
        if self.out.send(Message::text(format!("42{},{id}{data}", self.namespace))).is_err() {
            // The connection has ended: no ack will come.
            self.shared.acks.lock().unwrap().remove(&id);
        }
        receiver
    }

    /// Sends a request and waits for its ack.
    pub async fn request(&self, event: &str, payload: Value) -> Value {
        within(&format!("the ack of {event} {payload:.200}"), self.send(event, &payload)).await.expect("an ack")
    }

    /// As [`Socket::request`], where it must go well.
    pub async fn ask(&self, event: &str, payload: Value) -> Value {
        let answer = self.request(event, payload).await;
        assert_eq!(answer["ok"], true, "{event}: {answer}");
        answer
    }

    /// As [`Socket::request`], where it must be refused; gives the code.
    pub async fn refused(&self, event: &str, payload: Value) -> String {
        let answer = self.request(event, payload).await;
        assert_eq!(answer["ok"], false, "{event}: {answer}");
        answer["error"]["code"].as_str().expect("a code").to_owned()
    }

    /// Waits for `session:ready` and gives it; `None` when the connection ends before.
    pub async fn ready(&self) -> Option<Value> {
        let is_ready = |(event, _): &&Heard| event == "session:ready";
        self.state("session:ready or the end", |shared| {
            let ready = shared.heard.lock().unwrap().iter().find(is_ready).map(|(_, payload)| payload.clone());
            ready.map(Some).or_else(|| shared.ended.lock().unwrap().then_some(None))
        })
        .await
    }

    /// Waits for an event, or finds it among those heard.
    pub async fn event(&self, name: &str, accepts: impl Fn(&Value) -> bool) -> Value {
        self.state(name, |shared| {
            let heard = shared.heard.lock().unwrap();
            heard.iter().find(|(event, payload)| event == name && accepts(payload)).map(|(_, payload)| payload.clone())
        })
        .await
    }

    /// What was heard so far under a name.
    pub fn heard(&self, name: &str) -> Vec<Value> {
        let heard = self.shared.heard.lock().unwrap();
        heard.iter().filter(|(event, _)| event == name).map(|(_, payload)| payload.clone()).collect()
    }

    /// Everything heard so far.
    pub fn all_heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// Forgets what was heard, and gives it.
    pub fn take_heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.shared.heard.lock().unwrap())
    }

    /// Forgets what was heard.
    pub fn forget(&self) {
        drop(self.take_heard());
    }

    /// Waits until the server has ended the connection or the namespace.
    pub async fn ended(&self) {
        self.state("the end", |shared| shared.ended.lock().unwrap().then_some(())).await;
    }

    async fn state<T>(&self, what: &str, look: impl Fn(&Shared) -> Option<T>) -> T {
        let wait = async {
            loop {
                let stirred = self.shared.stirred.notified();
                tokio::pin!(stirred);
                stirred.as_mut().enable();
                if let Some(found) = look(&self.shared) {
                    return found;
                }
                stirred.await;
            }
        };
        within(what, wait).await
    }
}

async fn carry(
    stream: impl StreamExt<Item = Result<Message, tokio_tungstenite::tungstenite::Error>> + SinkExt<Message> + Unpin,
    mut outgoing: mpsc::UnboundedReceiver<Message>,
    out: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
    namespace: String,
) {
    let mut stream = stream;
    loop {
        tokio::select! {
            message = outgoing.recv() => match message {
                Some(message) => drop(stream.send(message).await),
                None => break,
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    if text.as_str() == "2" {
                        drop(out.send(Message::text("3")));
                    } else {
                        read(&shared, &namespace, text.as_str());
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
        shared.stirred.notify_waiters();
    }
    // First, so that whatever is sent from now on is known not to go out.
    outgoing.close();
    *shared.ended.lock().unwrap() = true;
    shared.entered.lock().unwrap().get_or_insert(Err("the connection ended".to_owned()));
    shared.acks.lock().unwrap().clear();
    shared.stirred.notify_waiters();
}

fn read(shared: &Shared, namespace: &str, frame: &str) {
    let Some(packet) = frame.strip_prefix('4') else { return };
    let (kind, rest) = packet.split_at(1);
    let rest = rest.strip_prefix(namespace).map_or(rest, |rest| rest.strip_prefix(',').unwrap_or(rest));
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let (id, data) = rest.split_at(digits);
    let data: Value = serde_json::from_str(data).unwrap_or(Value::Null);
    match kind {
        "0" => *shared.entered.lock().unwrap() = Some(Ok(())),
        "1" => *shared.ended.lock().unwrap() = true,
        "2" => {
            let name = data[0].as_str().unwrap_or_default().to_owned();
            shared.heard.lock().unwrap().push((name, data[1].clone()));
        }
        "3" => {
            let waiting = id.parse().ok().and_then(|id: u64| shared.acks.lock().unwrap().remove(&id));
            if let Some(waiting) = waiting {
                drop(waiting.send(data[0].clone()));
            }
        }
        "4" => {
            let message = data["message"].as_str().unwrap_or_default().to_owned();
            *shared.entered.lock().unwrap() = Some(Err(message));
        }
        _ => {}
    }
}
