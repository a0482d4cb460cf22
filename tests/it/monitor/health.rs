//! What `/health` says.

use reqwest::StatusCode;
use serde_json::Value;

use crate::harness::{Browser, Server};

async fn health(server: &Server) -> (StatusCode, String, Value) {
    let response = reqwest::get(format!("{}/health", server.url())).await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status(), kind, response.json().await.unwrap())
}

#[tokio::test]
async fn health_says_of_every_check_what_was_measured_and_what_to_do() {
    let server = Server::start().await;
    let (status, kind, body) = health(&server).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/health+json"));
    assert!(["pass", "warn"].contains(&body["status"].as_str().unwrap()), "{body}");
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    for (check, unit) in [("database:writes", "ms"), ("disk:space", "bytes")] {
        let found = &body["checks"][check][0];
        assert!(found["observedValue"].as_f64().unwrap() > 0.0, "{body}");
        assert_eq!(found["observedUnit"], unit);
        assert!(found["threshold"]["warn"].is_number() && found["threshold"]["fail"].is_number(), "{body}");
        assert!(!found["output"].as_str().unwrap().is_empty() && found["time"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_told_with_what_to_do_and_so_is_its_recovery() {
    let server = Server::start().await;
    let text = server.url();
    let file = server.folder().join("hearback.db");
    let other = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut other = sqlx::ConnectOptions::connect(&other).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let (status, _, body) = health(&server).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (body["status"].as_str(), body["checks"]["database:writes"][0]["status"].as_str()),
        (Some("fail"), Some("fail"))
    );
    assert!(body["checks"]["database:writes"][0]["output"].as_str().unwrap().contains("Look whether"), "{body}");
    assert_eq!(reqwest::get(format!("{text}/livez")).await.unwrap().status(), StatusCode::OK, "the process lives");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    let (status, _, body) = health(&server).await;
    assert_ne!((status, &body["status"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("fail")), "{body}");
    assert_eq!(Browser::open(&server).await.get("/readyz").await.status, StatusCode::OK);
}
