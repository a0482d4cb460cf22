//! The server's own connection to its own address, by which heartbeats come back: Engine.IO and Socket.IO over one WebSocket,
//! as any client speaks them.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, Utf8Bytes},
};

use crate::{
    app::heartbeat::Pulse,
    domain::{
        heartbeat,
        ids::{ClientId, ConversationId},
    },
};

/// How long a connection may take to stand.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many messages may wait to be noticed: more than are ever on their way.
const WAITING: usize = 64;

/// The connection, or how to make it.
#[derive(Debug)]
pub(super) struct Line {
    address: SocketAddr,
    namespace: String,
    secret: String,
    conversations: Vec<ConversationId>,
    standing: Option<Standing>,
}

/// A connection that stands.
#[derive(Debug)]
struct Standing {
    heard: mpsc::Receiver<(ClientId, Instant)>,
    listening: JoinHandle<()>,
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Line {
    /// One that does not stand yet.
    pub(super) fn new(address: SocketAddr, pulse: &Pulse) -> Self {
        Self {
            address: reachable(address),
            namespace: heartbeat::slug().namespace(),
            secret: pulse.secret.expose().to_owned(),
            conversations: pulse.lanes.iter().map(|lane| lane.conversation).collect(),
            standing: None,
        }
    }

    /// Sees to it that the connection stands.
    ///
    /// # Errors
    /// Why it cannot.
    pub(super) async fn stand(&mut self) -> Result<(), String> {
        if self.standing.as_ref().is_some_and(|standing| !standing.listening.is_finished()) {
            return Ok(());
        }
        self.standing = None;
        let talk = timeout(PATIENCE, self.connect()).await.map_err(|_| "nobody answers".to_owned())??;
        let (sender, heard) = mpsc::channel(WAITING);
        let listening = tokio::spawn(talk.listen(sender));
        self.standing = Some(Standing { heard, listening });
        Ok(())
    }

    /// When the message of that id was heard.
    ///
    /// # Errors
    /// The connection has ended.
    pub(super) async fn hears(&mut self, id: ClientId) -> Result<Instant, String> {
        let standing = self.standing.as_mut().ok_or("there is no connection")?;
        while let Some((heard, at)) = standing.heard.recv().await {
            if heard == id {
                return Ok(at);
            }
        }
        Err("the connection has ended".to_owned())
    }

    async fn connect(&self) -> Result<Talk, String> {
        let stream = TcpStream::connect(self.address).await.map_err(|error| error.to_string())?;
        drop(stream.set_nodelay(true));
        let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", self.address);
        let (stream, _) = client_async(url, stream).await.map_err(|error| error.to_string())?;
        let mut talk = Talk { stream, namespace: self.namespace.clone() };
        talk.say(format!("40{},{}", self.namespace, json!({ "token": self.secret }))).await?;
        talk.expect(&format!("42{},[\"session:ready\"", self.namespace)).await?;
        for (number, conversation) in self.conversations.iter().enumerate() {
            let request = json!(["conversation:open", { "conversation": conversation }]);
            talk.say(format!("42{},{number}{request}", self.namespace)).await?;
            talk.expect(&format!("43{},{number}[{{\"ok\":true", self.namespace)).await?;
        }
        Ok(talk)
    }
}

/// Where a server that listens everywhere is reached from its own machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

struct Talk {
    stream: WebSocketStream<TcpStream>,
    namespace: String,
}

impl Talk {
    async fn say(&mut self, packet: String) -> Result<(), String> {
        self.stream.send(Message::text(packet)).await.map_err(|error| error.to_string())
    }

    /// The next packet but pings, which are answered.
    async fn next(&mut self) -> Result<Utf8Bytes, String> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => self.say("3".to_owned()).await?,
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Close(_))) | None => return Err("the connection has ended".to_owned()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.to_string()),
            }
        }
    }

    /// Waits for a packet that begins like this; a refusal ends the wait.
    async fn expect(&mut self, beginning: &str) -> Result<(), String> {
        let refusals = [format!("44{}", self.namespace), format!("43{}", self.namespace)];
        loop {
            let packet = self.next().await?;
            if packet.starts_with(beginning) {
                return Ok(());
            }
            if refusals.iter().any(|refusal| packet.starts_with(refusal.as_str())) {
                return Err("it is refused".to_owned());
            }
        }
    }

    /// Tells of messages as they come, until the connection ends.
    async fn listen(mut self, told: mpsc::Sender<(ClientId, Instant)>) {
        let posted = format!("42{},[\"message:posted\",", self.namespace);
        while let Ok(packet) = self.next().await {
            let heard = Instant::now();
            let message = packet.strip_prefix(&posted).and_then(|rest| rest.strip_suffix(']')).and_then(client_id_in);
            if let Some(id) = message {
                // One that nobody waits for any more may be lost.
                let _ = told.try_send((id, heard));
            }
        }
    }
}

fn client_id_in(payload: &str) -> Option<ClientId> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    payload["message"]["client_id"].as_str()?.parse().ok()
}
