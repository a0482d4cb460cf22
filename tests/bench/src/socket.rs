//! A Socket.IO client that costs next to nothing: Engine.IO and Socket.IO frames as text over one WebSocket.
//!
//! The load generator shares the machine with the server that it measures, so it reads no more of a packet than it needs.

use anyhow::{Context, Result, bail, ensure};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, Utf8Bytes, client::IntoClientRequest, protocol::WebSocketConfig},
};

/// One connected socket in one namespace.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// How packets of the namespace begin after their digits: `/org/acme,`, or nothing.
    namespace: String,
    next_ack: u64,
}

/// What a server says.
#[derive(Debug)]
pub enum Packet {
    /// An event: the array of its name and payload, as text.
    Event(Utf8Bytes),
    /// The answer to a request: its number, and the packet's whole text.
    Ack(u64, Utf8Bytes),
}

impl Socket {
    /// Opens a WebSocket and enters a namespace (empty for the main one).
    pub async fn connect(port: u16, namespace: &str, auth: &Value) -> Result<Self> {
        let mut stream = upgrade(port).await?;
        let open = text(&mut stream).await?;
        ensure!(open.starts_with('0'), "no Engine.IO handshake: {open}");
        let namespace = if namespace.is_empty() { String::new() } else { format!("{namespace},") };
        stream.send(Message::text(format!("40{namespace}{auth}"))).await?;
        let mut socket = Self { stream, namespace, next_ack: 0 };
        let connected = socket.text().await?;
        ensure!(connected.starts_with("40"), "refused: {connected}");
        Ok(socket)
    }

    /// Sends a request, an event whose array's text is `["name",…]`; gives the number of its answer.
    pub async fn request(&mut self, array: &str) -> Result<u64> {
        let id = self.next_ack;
        self.next_ack += 1;
        let packet = format!("42{}{id}{array}", self.namespace);
        self.stream.send(Message::text(packet)).await?;
        Ok(id)
    }

    /// Sends a request and waits for its answer, passing over what else is said.
    pub async fn ask(&mut self, array: &str) -> Result<Utf8Bytes> {
        let asked = self.request(array).await?;
        loop {
            if let Packet::Ack(id, text) = self.next().await?
                && id == asked
            {
                return Ok(text);
            }
        }
    }

    /// As [`Socket::ask`], read as JSON; what was refused is an error.
    pub async fn ask_json(&mut self, event: &str, payload: &Value) -> Result<Value> {
        let text = self.ask(&serde_json::to_string(&(event, payload))?).await?;
        let array = &text[text.find('[').context("an ack without arguments")?..];
        let (answer,): (Value,) = serde_json::from_str(array)?;
        ensure!(answer["ok"] == true, "{event}: {answer}");
        Ok(answer)
    }

    /// The next event or answer; pings are answered on the way.
    pub async fn next(&mut self) -> Result<Packet> {
        let text = self.text().await?;
        let Some(rest) = text.strip_prefix('4').and_then(|rest| rest.get(1..)) else { bail!("unexpected: {text}") };
        let rest = rest.strip_prefix(&self.namespace).unwrap_or(rest);
        match text.as_bytes()[1] {
            b'2' => Ok(Packet::Event(text)),
            b'3' => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                Ok(Packet::Ack(rest[..digits].parse().context("an ack without a number")?, text))
            }
            _ => bail!("unexpected: {text}"),
        }
    }

    async fn text(&mut self) -> Result<Utf8Bytes> {
        loop {
            let text = text(&mut self.stream).await?;
            if text.as_str() != "2" {
                return Ok(text);
            }
            self.stream.send(Message::text("3")).await?;
        }
    }
}

async fn text(stream: &mut WebSocketStream<TcpStream>) -> Result<Utf8Bytes> {
    loop {
        match stream.next().await.context("the server closed the connection")?? {
            Message::Text(text) => return Ok(text),
            Message::Ping(_) | Message::Pong(_) => {}
            other => bail!("unexpected: {other:?}"),
        }
    }
}

async fn upgrade(port: u16) -> Result<WebSocketStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    socket.set_nodelay(true)?;
    let stream = socket.connect(([127, 0, 0, 1], port).into()).await?;
    let request = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket").into_client_request()?;
    let config = WebSocketConfig::default().read_buffer_size(4 << 10).write_buffer_size(0);
    let (stream, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
    Ok(stream)
}
