//! A program that calls, and holds every answer to the served document.

use serde_json::Value;

use super::shape::faults;
use crate::harness::Server;

pub struct Client {
    base: String,
    token: String,
    document: Value,
    http: reqwest::Client,
}

impl Client {
    pub async fn new(server: &Server, token: &str) -> Self {
        let base = server.url();
        let http = reqwest::Client::new();
        let document = http.get(format!("{base}/api/v1/openapi.json")).send().await.unwrap().json().await.unwrap();
        Self { base, token: token.to_owned(), document, http }
    }

    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Calls an operation by its described path; `{}` of the path is filled with `id`.
    pub async fn call(&self, method: &str, path: &str, id: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.send(method, path, id, "", body).await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        id: &str,
        query: &str,
        body: Option<(&str, String)>,
    ) -> (u16, Value) {
        let parts = path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        let address = format!("{}/api/v1{}{query}", self.base, parts.collect::<Vec<_>>().join("/"));
        let mut request = self.http.request(method.to_uppercase().parse().unwrap(), address).bearer_auth(&self.token);
        if let Some((kind, text)) = body {
            request = request.header("content-type", kind).body(text);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        let value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        self.hold(method, path, status, kind.as_deref(), &value);
        (status, value)
    }

    fn hold(&self, method: &str, path: &str, status: u16, kind: Option<&str>, value: &Value) {
        let operation = &self.document["paths"][format!("/api/v1{path}")][method];
        let mut response = &operation["responses"][status.to_string()];
        assert!(response.is_object(), "{method} {path} answered {status}, which is not described: {value}");
        if let Some(reference) = response["$ref"].as_str() {
            response = self.document.pointer(reference.trim_start_matches('#')).unwrap();
        }
        let Some(content) = response["content"].as_object() else {
            assert!(value.is_null(), "{method} {path}: {value}");
            return;
        };
        let schema = &content[kind.unwrap()]["schema"];
        let faults = faults(&self.document, schema, value, "");
        assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?}");
    }
}
