//! Bare socketioxide with nothing behind it, as its documentation shows it: the twin of `peers/memory.mjs`.

use axum::Router;
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef},
    handler::ConnectHandler,
};

#[derive(Deserialize)]
struct Auth {
    token: String,
    #[serde(default)]
    listens: bool,
}

/// Who connects is looked up in memory; the name is kept with the socket.
async fn admit(socket: SocketRef, Data(auth): Data<Auth>) -> Result<(), String> {
    let name = auth.token.strip_prefix("secret-").ok_or("Invalid token")?;
    socket.extensions.insert(name.to_owned());
    Ok(())
}

async fn welcome(io: SocketIo, socket: SocketRef, Data(auth): Data<Auth>) {
    let name: String = socket.extensions.get().unwrap_or_default();
    let side = if auth.listens { "team" } else { "candidates" };
    socket.join([format!("user:{name}"), format!("conversation:{name}"), side.to_owned()]);
    drop(socket.emit("ready", &json!({ "name": name })));

    let all = io.clone();
    socket.on("message", async move |Data::<Value>(message), ack: AckSender| {
        drop(all.to("team").emit("message", &json!({ "message": message })).await);
        drop(ack.send(&json!({ "ok": true, "message": message })));
    });
    socket.on("announce", async move |Data::<Value>(announcement), ack: AckSender| {
        drop(io.to("candidates").emit("announcement", &json!({ "announcement": announcement })).await);
        drop(ack.send(&json!({ "ok": true, "announcement": announcement })));
    });
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("the port is missing")?.parse()?;
    // The default of 128 packets loses what a busy listener has not read yet.
    let (layer, io) = SocketIo::builder().max_buffer_size(1 << 16).build_layer();
    io.ns("/", welcome.with(admit));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, Router::new().layer(layer)).await?;
    Ok(())
}
