//! HTTP by hand: what no browser sends.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Browser, Server, Socket, Tenant, tenant::operators_cookie, wait::within};

/// The head of the answer to a request of these lines; `{host}` is the server's address.
async fn answered(server: &Server, lines: &str) -> String {
    let url = server.url();
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(lines.replace("{host}", host).replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut some = [0; 1_024];
        let read = within("an answer", stream.read(&mut some)).await.unwrap();
        assert!(read > 0, "it ended after {:?}", String::from_utf8_lossy(&answer));
        answer.extend(&some[..read]);
    }
    String::from_utf8_lossy(&answer).to_lowercase()
}

#[tokio::test]
async fn a_request_without_exactly_one_host_is_refused() {
    let server = Server::start().await;
    for path in ["/livez", "/socket.io/?EIO=4&transport=polling", "/nowhere"] {
        let one = answered(&server, &format!("GET {path} HTTP/1.1\nHost: {{host}}\n\n")).await;
        assert!(!one.starts_with("http/1.1 400"), "{one}");
        let none = answered(&server, &format!("GET {path} HTTP/1.1\n\n")).await;
        let two = answered(&server, &format!("GET {path} HTTP/1.1\nHost: {{host}}\nHost: other.example\n\n")).await;
        let old_two = answered(&server, &format!("GET {path} HTTP/1.0\nHost: {{host}}\nHost: other.example\n\n")).await;
        for refused in [none, two, old_two] {
            assert!(refused.split('\r').next().unwrap().contains(" 400 "), "{path}: {refused}");
        }
    }
    assert!(answered(&server, "GET /livez HTTP/1.0\n\n").await.contains(" 200 "), "HTTP/1.0 has none");
}

#[tokio::test]
async fn a_websocket_of_another_version_is_told_which_one_is_understood() {
    let server = Server::start().await;
    let ask = |version: &str| {
        format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\nHost: {{host}}\nConnection: Upgrade\n\
             Upgrade: websocket\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n{version}\n\n"
        )
    };
    for version in ["Sec-WebSocket-Version: 12", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 13, 12"] {
        let answer = answered(&server, &ask(version)).await;
        assert!(answer.starts_with("http/1.1 426 "), "{answer}");
        assert!(answer.contains("sec-websocket-version: 13\r\n"), "{answer}");
    }
    assert!(answered(&server, &ask("Sec-WebSocket-Version: 13")).await.starts_with("http/1.1 101 "));
}

#[tokio::test]
async fn credentials_of_a_socket_are_one_object_and_may_have_more_keys() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let connect = async |auth| Socket::connect(&server, "/org/acme", auth, &[]).await.map(drop);
    assert_eq!(connect(json!({ "token": acme.token, "pid": "a", "offset": "b" })).await, Ok(()));
    for auth in
        [json!([acme.token]), json!([]), json!("token"), json!({ "token": 1 }), json!({ "token": [acme.token] })]
    {
        assert_eq!(connect(auth).await, Err("Invalid namespace".to_owned()));
    }
}

#[tokio::test]
async fn health_tells_details_to_this_machine_to_the_token_and_to_operators_alone() {
    let server = Server::start_with(&["--rate-limits", "off", "--metrics-token", "a-token-for-monitors"]).await;
    let operator = operators_cookie(server.app()).await;
    let http = reqwest::Client::new();
    let ask = async |headers: &[(&str, &str)]| {
        let mut request = http.get(format!("{}/health", server.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().json::<serde_json::Value>().await.unwrap()
    };
    let through_proxy = ("x-forwarded-for", "203.0.113.9");
    let good = ("authorization", "Bearer a-token-for-monitors");
    for headers in [vec![], vec![through_proxy, good], vec![through_proxy, ("cookie", operator.as_str())]] {
        let body = ask(&headers).await;
        assert!(body["version"].is_string() && body["checks"]["disk:space"].is_array(), "{headers:?}: {body}");
    }
    let member = Tenant::create(server.app(), "acme").await.owner.cookie();
    for other in [
        vec![through_proxy],
        vec![("forwarded", "for=203.0.113.9")],
        vec![("x-real-ip", "127.0.0.1")],
        vec![through_proxy, ("authorization", "Bearer another")],
        vec![through_proxy, ("cookie", member.as_str())],
        vec![through_proxy, ("cookie", "hearback_session=none")],
    ] {
        let body = ask(&other).await;
        let names: Vec<_> = body.as_object().unwrap().keys().collect();
        assert_eq!(names, ["status"], "{other:?}: {body}");
    }
    assert_eq!(Browser::open(&server).await.get("/health").await.status, 200);
}
