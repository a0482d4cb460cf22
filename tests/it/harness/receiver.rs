//! Somebody elsewhere who is called by HTTP: a small real server.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header::LOCATION},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch, task::AbortHandle};

use super::wait::until;

/// A call as it came in.
#[derive(Clone, Debug)]
pub struct Called {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    /// What is no text is left out of it.
    pub body: String,
}

impl Called {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// How calls are answered.
type Judge = Arc<dyn Fn(&Called) -> StatusCode + Send + Sync>;

#[derive(Clone)]
struct Desk {
    calls: Arc<Mutex<Vec<Called>>>,
    judge: Arc<Mutex<Judge>>,
    /// Whether answers go out.
    open: watch::Sender<bool>,
}

/// The server; it ends with the value.
pub struct Receiver {
    pub url: String,
    desk: Desk,
    task: AbortHandle,
}

impl Receiver {
    /// Answers 204 to everything.
    pub async fn start() -> Self {
        Self::start_by(|_| StatusCode::NO_CONTENT).await
    }

    /// Answers as it is told.
    pub async fn start_by(judge: impl Fn(&Called) -> StatusCode + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook/secret", listener.local_addr().unwrap());
        let judge: Judge = Arc::new(judge);
        let desk = Desk { calls: Arc::default(), judge: Arc::new(Mutex::new(judge)), open: watch::Sender::new(true) };
        let router = Router::new().fallback(take).with_state(desk.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }).abort_handle();
        Self { url, desk, task }
    }

    /// Answers as it is told from now on.
    pub fn judge(&self, judge: impl Fn(&Called) -> StatusCode + Send + Sync + 'static) {
        *self.desk.judge.lock().unwrap() = Arc::new(judge);
    }

    /// Takes calls and leaves them without an answer until it is set to `true` again.
    pub fn answers(&self, open: bool) {
        self.desk.open.send_replace(open);
    }

    /// All calls so far.
    pub fn calls(&self) -> Vec<Called> {
        self.desk.calls.lock().unwrap().clone()
    }

    /// The ids of those of one event.
    pub fn ids_of(&self, event: &str) -> Vec<String> {
        let calls = self.calls().into_iter().filter(|call| call.json()["type"] == event);
        calls.map(|call| call.header("webhook-id").to_owned()).collect()
    }

    /// The ids of those of one event, once there are so many.
    pub async fn called(&self, event: &str, times: usize) -> Vec<String> {
        until(&format!("{times} calls of {event}"), || async {
            let ids = self.ids_of(event);
            (ids.len() >= times).then_some(ids)
        })
        .await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(
    State(desk): State<Desk>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, [(axum::http::HeaderName, &'static str); 1]) {
    let body = String::from_utf8_lossy(&body).into_owned();
    let call = Called { method, path: uri.path().to_owned(), headers, body };
    desk.calls.lock().unwrap().push(call.clone());
    drop(desk.open.subscribe().wait_for(|open| *open).await);
    let judge = Arc::clone(&desk.judge.lock().unwrap());
    (judge(&call), [(LOCATION, "/elsewhere")])
}
