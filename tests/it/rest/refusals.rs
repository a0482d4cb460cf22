//! What is refused, and how.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::{Server, Tenant};

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
        let (status, problem) = client.ask("post", path, &id, "", Some(("application/json", text.to_owned()))).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid")), "{text}");
    }
    for query in
        ["?limit=0", "?limit=201", "?limit=x", "?cursor=x", "?after_seq=-1", "?after_seq=1&before_seq=2", "?x=1"]
    {
        assert_eq!(client.ask("get", path, &id, query, None).await.0, 400, "{query}");
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
}
