//! A program that calls, and holds every answer to the served document.

use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

use super::schema::Answers;
use crate::harness::{Server, calls::Call};

const BASE: &str = "/api/v1";

#[derive(Clone)]
pub struct Client {
    server: String,
    token: String,
    document: Arc<Value>,
    answers: Arc<Answers>,
    http: reqwest::Client,
}

/// An answer that is as described.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub value: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.value["code"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Client {
    pub async fn new(server: &Server, token: &str) -> Self {
        let server = server.url();
        let http = reqwest::Client::new();
        let served = http.get(format!("{server}{BASE}/openapi.json")).send().await.unwrap();
        let document = Arc::new(served.json().await.unwrap());
        let answers = Arc::new(Answers::of(&document));
        Self { server, token: token.to_owned(), document, answers, http }
    }

    /// The same program with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Makes a call of the walk.
    pub async fn make(&self, call: &Call) -> Answer {
        let body = call.body();
        self.send(call.method, call.path, &call.address(), body.as_ref().map(|(kind, text)| (*kind, text.clone())))
            .await
    }

    /// Calls an operation by its path below `/api/v1`; what stands in braces is filled with `id`.
    pub async fn call(&self, method: &str, path: &str, id: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.ask(method, path, id, "", body).await
    }

    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        id: &str,
        query: &str,
        body: Option<(&str, String)>,
    ) -> (u16, Value) {
        let parts = path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        let address = format!("{BASE}{}{query}", parts.collect::<Vec<_>>().join("/"));
        let answer = self.send(method, &format!("{BASE}{path}"), &address, body).await;
        (answer.status, answer.value)
    }

    /// Sends a request and holds the answer to what the document says of that operation and status.
    pub async fn send(&self, method: &str, path: &str, address: &str, body: Option<(&str, String)>) -> Answer {
        let address = format!("{}{address}", self.server);
        let mut request = self.http.request(method.to_uppercase().parse().unwrap(), address).bearer_auth(&self.token);
        if let Some((kind, text)) = body {
            request = request.header(CONTENT_TYPE, kind).body(text);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let kind = headers.get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap());
        let text = answer.text().await.unwrap();
        let value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        let faults = self.answers.faults(method, path, status, kind, &value);
        assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?} in {value:.500}");
        if status >= 400 {
            assert_eq!(value["status"], status, "{method} {path}");
        }
        Answer { status, headers, value }
    }
}
