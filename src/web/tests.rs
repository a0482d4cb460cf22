//! What holds for every answer of the door.

use std::{collections::HashSet, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, Response, StatusCode, header},
};
use tower::ServiceExt;

use super::{WebState, router, routes::Who};
use crate::{
    app::{App, Settings, limits::Limits},
    clock::Clock,
    domain::ids::ConversationId,
    monitor::{LiveSide, Monitor, Watch, live::Namespace},
    store::{Announcing, Pools, Store},
    telemetry::Metrics,
};

/// Nobody is connected.
struct Nowhere;

impl LiveSide for Nowhere {
    fn viewed(&self) -> HashSet<ConversationId> {
        HashSet::new()
    }

    fn stir(&self) {}

    fn namespaces(&self) -> Vec<Namespace> {
        Vec::new()
    }
}

async fn door() -> (Router, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let pools = Pools::open(&format!("sqlite://{}", folder.path().join("door.db").display())).await.unwrap();
    pools.migrate().await.unwrap();
    let clock = Clock::system();
    let metrics = Arc::<Metrics>::default();
    let (store, _) = Store::start(pools, clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
    let app =
        App { store, clock, limits: Arc::new(Limits::new(true)), settings: Arc::new(Settings::default()), metrics };
    let watch = Watch {
        node: "door".to_owned(),
        id: app.clock.new_id(),
        address: ([127, 0, 0, 1], 0).into(),
        heartbeat: Duration::from_secs(15),
        checks: Duration::from_secs(15),
        backup: None,
    };
    let monitor = Monitor::new(app, watch, Arc::new(Nowhere), Arc::default());
    (router(WebState::new(monitor, |_| false)), folder)
}

async fn ask(door: &Router, request: Request<Body>) -> Response<Body> {
    door.clone().oneshot(request).await.unwrap()
}

async fn get(door: &Router, path: &str) -> Response<Body> {
    ask(door, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn every_answer_carries_the_locks_and_is_not_kept() {
    let (door, _folder) = door().await;
    for path in ["/how-it-works", "/livez", "/readyz", "/nothing", "/sign-in"] {
        let response = get(&door, path).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert!(response.headers().contains_key("x-request-id"), "{path}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_page_for_people_and_a_problem_for_programs() {
    let (door, _folder) = door().await;
    let page = get(&door, "/nothing").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(text(page).await.contains("<h1>Nothing here</h1>"));
    let problem = get(&door, "/api/v1/nothing").await;
    assert_eq!(problem.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert!(text(problem).await.contains("\"code\":\"not_found\""));
}

#[tokio::test]
async fn assets_come_compressed_and_are_kept_for_ever() {
    let (door, _folder) = door().await;
    let request = Request::get(super::assets::url("app.css")).header("accept-encoding", "gzip, br;q=1.0");
    let response = ask(&door, request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(get(&door, "/assets/manifest.json").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_is_taken_only_from_our_own_pages() {
    let (door, _folder) = door().await;
    let page = get(&door, "/sign-in").await;
    let cookie = page.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let html = text(page).await;
    let token = html.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let send = async |token: &str, origin: &str| {
        let body = format!("csrf={token}&email=nobody%40example.org&password=wrong-password&return_to=%2F");
        let request = Request::post("/sign-in")
            .header("cookie", &cookie)
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded");
        ask(&door, request.body(Body::from(body)).unwrap()).await.status()
    };
    assert_eq!(send(&token, "https://evil.example").await, StatusCode::FORBIDDEN);
    assert_eq!(send("made-up", "http://127.0.0.1:8080").await, StatusCode::FORBIDDEN);
    assert_eq!(send(&token, "http://127.0.0.1:8080").await, StatusCode::UNAUTHORIZED);
}

/// A path with something in place of each parameter.
fn filled(path: &str) -> String {
    let part = |part: &str| match part {
        "{slug}" => "acme".to_owned(),
        "{token}" => "A".repeat(43),
        part if part.starts_with('{') => uuid::Uuid::from_u128(7).to_string(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn nobody_gets_in_without_credentials_anywhere() {
    let (door, _folder) = door().await;
    for route in super::routes::all().list().iter().filter(|route| !matches!(route.who, Who::Everyone | Who::Api)) {
        let path = filled(&route.path);
        let request = Request::builder().method(&route.method).uri(&path);
        let response = ask(&door, request.body(Body::empty()).unwrap()).await;
        let to_sign_in = response.status() == StatusCode::SEE_OTHER
            && response.headers()[header::LOCATION].to_str().unwrap().starts_with("/sign-in");
        assert!(to_sign_in || response.status().is_client_error(), "{} {path}: {}", route.method, response.status());
    }
}

#[tokio::test]
async fn no_form_is_taken_without_its_token() {
    let (door, _folder) = door().await;
    for route in super::routes::all().list().iter().filter(|route| route.method == Method::POST) {
        if route.who == Who::Api {
            continue;
        }
        let path = filled(&route.path);
        let request = Request::post(&path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("email=a%40b.example&password=long-enough-words"));
        let status = ask(&door, request.unwrap()).await.status();
        assert!(status.is_client_error(), "{path}: {status}");
    }
}
