//! What is refused, and how.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::{Server, Tenant};

/// Every operation of the document: method and path below `/api/v1`.
fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let path = path.trim_start_matches("/api/v1").to_owned();
        item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[tokio::test]
async fn without_a_good_token_every_operation_is_refused() {
    let server = Server::start().await;
    let client = Client::new(&server, "made-up").await;
    let all = operations(client.document());
    assert!(all.len() >= 22, "{all:?}");
    for (method, path) in all {
        let id = uuid::Uuid::now_v7().to_string();
        let (status, problem) = client.call(&method, &path, &id, None).await;
        assert_eq!((status, &problem["code"]), (401, &json!("unauthorized")), "{method} {path}");
    }
}

#[tokio::test]
async fn what_belongs_to_another_is_not_found() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let globex = Tenant::create(server.app(), "globex").await;
    let client = Client::new(&server, &globex.token).await;
    let lease = json!({ "lease": "x" });
    let message = json!({ "client_id": uuid::Uuid::new_v4(), "body": "x", "seen_seq": 0 });
    for (method, path) in operations(client.document()).into_iter().filter(|(_, path)| path.contains('{')) {
        let id = match path.as_str() {
            path if path.starts_with("/projects") => acme.project.id.to_string(),
            path if path.starts_with("/candidates") => acme.chat.added.candidate.id.to_string(),
            _ => acme.chat.conversation.to_string(),
        };
        let body = match path.rsplit('/').next().unwrap() {
            "renew" | "release" => Some(lease.clone()),
            "messages" => Some(message.clone()),
            "announcements" => Some(json!({ "client_id": uuid::Uuid::new_v4(), "body": "x" })),
            "candidates" => Some(json!({ "name": "x" })),
            _ => None,
        };
        let body = if method == "get" || method == "delete" { None } else { body };
        let (status, problem) = client.call(&method, &path, &id, body).await;
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{method} {path}");
    }
}

#[tokio::test]
async fn a_bad_field_is_refused_and_named() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let client = Client::new(&server, &acme.token).await;
    let id = acme.chat.conversation.to_string();
    let path = "/conversations/{id}/messages";
    for (field, value) in [
        ("body", json!("")),
        ("body", json!("a\u{0}b")),
        ("body", json!(["x"])),
        ("body", json!("x".repeat(10_001))),
        ("client_id", json!("x")),
        ("client_id", Value::Null),
        ("seen_seq", json!(-1)),
        ("seen_seq", json!("0")),
        ("take_over", json!(1)),
        ("lease", json!("x".repeat(201))),
        ("attachments", json!([uuid::Uuid::now_v7()])),
        ("colour", json!("red")),
    ] {
        let mut body = json!({ "client_id": uuid::Uuid::new_v4(), "body": "x", "seen_seq": 0 });
        body[field] = value.clone();
        let (status, problem) = client.call("post", path, &id, Some(body)).await;
        assert!(status == 400 || status == 413, "{field} {value}: {status}");
        assert_eq!(problem["field"], field, "{value}");
    }
    for text in ["", "[]", "{", "{\"body\":\"\\ud800\"}", "null", "7"] {
        let (status, problem) = client.send("post", path, &id, "", Some(("application/json", text.to_owned()))).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid")), "{text}");
    }
    for query in
        ["?limit=0", "?limit=201", "?limit=x", "?cursor=x", "?after_seq=-1", "?after_seq=1&before_seq=2", "?x=1"]
    {
        assert_eq!(client.send("get", path, &id, query, None).await.0, 400, "{query}");
    }
    assert_eq!(client.call("get", "/conversations/{id}", "x", None).await.0, 400);
}

#[tokio::test]
async fn no_such_address_and_no_such_method_are_problems_too() {
    let server = Server::start().await;
    let http = reqwest::Client::new();
    for (method, path, status) in [("GET", "/api/v1/nothing", 404), ("PUT", "/api/v1/projects", 405)] {
        let address = format!("{}{path}", server.url());
        let answer = http.request(method.parse().unwrap(), address).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let address = format!("{}/api/v1/asyncapi.json", server.url());
    let document: Value = http.get(address).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["asyncapi"], "3.0.0");
}
