//! What all targets stand on: the real server in this process, reached through its doors. Whatever a stranger sends, the
//! answer is neither a panic nor silence nor a fault of the server's.

#[allow(dead_code, reason = "it offers more than the targets use")]
mod harness;

use std::sync::{Arc, Mutex, OnceLock};

use hearback::{
    app::candidates,
    domain::problem::Code,
    realtime::request::{REQUESTS, Who as Caller},
    web::routes::{self, Route, Who},
};
use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use harness::{Browser, Server, Socket, Tenant, wait::within};

/// A server with one organization, and somebody of each kind at its doors.
pub struct Office {
    runtime: Runtime,
    server: Server,
    tenant: Tenant,
    client: Client,
    owner: Browser,
    sockets: Mutex<Vec<(Arc<Socket>, Caller)>>,
}

/// The one office of this process.
pub fn office() -> &'static Office {
    static OFFICE: OnceLock<Office> = OnceLock::new();
    OFFICE.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (server, tenant, owner) = runtime.block_on(async {
            let server = Server::start().await;
            let tenant = Tenant::create(server.app(), "fuzz").await;
            let owner = Browser::of(&server, &tenant.owner.cookie()).await;
            (server, tenant, owner)
        });
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Office { runtime, server, tenant, client, owner, sockets: Mutex::default() }
    })
}

/// Counted from `a`, so that the seeds can be read.
fn chosen(letter: u8) -> usize {
    usize::from(letter.wrapping_sub(b'a'))
}

impl Office {
    /// The first byte chooses the request, the rest is its payload as it is written.
    pub fn socket_request(&self, data: &[u8]) {
        let Some((choice, rest)) = data.split_first() else { return };
        let text = String::from_utf8_lossy(rest);
        let request = REQUESTS.get(chosen(*choice));
        let packet = match request {
            Some(request) => format!("[\"{}\",{}]", request.name, self.with_own_ids(&text)),
            None => format!("[{text}"),
        };
        self.runtime.block_on(async {
            let socket = self.socket(request.map_or(Caller::Everybody, |request| request.who)).await;
            socket.forget();
            let answer = within(&format!("an ack of {packet:?} or the end"), socket.send_raw(&packet)).await;
            match answer {
                Ok(answer) => assert_ne!(answer["error"]["code"], "internal", "{packet:?}: {answer}"),
                // What is no packet of the protocol at all ends the connection.
                Err(_) => self.sockets.lock().unwrap().retain(|(kept, _)| !Arc::ptr_eq(kept, &socket)),
            }
        });
    }

    async fn socket(&self, who: Caller) -> Arc<Socket> {
        let who = if who == Caller::Operators { Caller::Members } else { who };
        if let Some((socket, _)) = self.sockets.lock().unwrap().iter().find(|(_, kept)| *kept == who) {
            return Arc::clone(socket);
        }
        let auth = match who {
            Caller::Everybody => json!({ "link": self.tenant.chat.link }),
            _ => json!({ "token": self.tenant.token }),
        };
        let socket = Arc::new(Socket::enter(&self.server, &self.tenant.namespace(), auth).await);
        self.sockets.lock().unwrap().push((Arc::clone(&socket), who));
        socket
    }

    /// `$c` and `$p` stand for ids that exist, which no machine would guess.
    fn with_own_ids(&self, text: &str) -> String {
        text.replace("$c", &self.tenant.chat.conversation.to_string())
            .replace("$p", &self.tenant.project.id.to_string())
    }

    /// The first byte chooses the form, the rest is its body.
    pub fn form(&self, data: &[u8]) {
        let Some((choice, rest)) = data.split_first() else { return };
        let text = self.with_own_ids(&String::from_utf8_lossy(rest));
        let all = routes::all();
        let is_form =
            |route: &&Route| route.method == Method::POST && route.who != Who::Api && route.path != "/sign-out";
        let forms: Vec<_> = all.list().iter().filter(is_form).collect();
        let path = self.path(&forms[chosen(*choice) % forms.len()].path);
        self.runtime.block_on(async {
            let fields: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).collect();
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
            let answer = self.owner.post(&path, &fields).await;
            assert!(answer.status < 500, "{path} {text:?}: {} {}", answer.status, answer.text);
        });
    }

    /// The first byte chooses the operation, the rest is its body.
    pub fn rest_body(&self, data: &[u8]) {
        let Some((choice, rest)) = data.split_first() else { return };
        let body = self.with_own_ids(&String::from_utf8_lossy(rest));
        let all = routes::all();
        let takes_body =
            |route: &&Route| route.who == Who::Api && [Method::POST, Method::PATCH].contains(&route.method);
        let operations: Vec<_> = all.list().iter().filter(takes_body).collect();
        let operation = operations[chosen(*choice) % operations.len()];
        let path = self.path(&operation.path);
        let request = self.client.request(operation.method.clone(), format!("{}{path}", self.server.url()));
        let request = request.bearer_auth(&self.tenant.token).header(header::CONTENT_TYPE, "application/json");
        self.answered(request.body(body.clone()), &format!("{path} {body:?}"));
    }

    /// A file for the import.
    pub fn csv(&self, data: &[u8]) {
        let (tenant, app) = (&self.tenant, self.server.app());
        let outcome =
            self.runtime.block_on(candidates::import(app, &tenant.owner.actor, tenant.project.id, data, true));
        match outcome {
            Ok(import) => assert!(import.accepted() <= import.rows.len(), "{import:?}"),
            Err(problem) => assert_ne!(problem.code, Code::Internal, "{problem:?}"),
        }
    }

    /// A Cookie header.
    pub fn cookies(&self, data: &[u8]) {
        let Ok(cookie) = header::HeaderValue::from_bytes(data) else { return };
        let chat = format!("/chat/{}", self.tenant.chat.conversation);
        let dashboard = format!("/o/{}", self.tenant.organization.slug.as_str());
        for path in [chat, dashboard, "/admin".to_owned(), "/socket.io/?EIO=4&transport=polling".to_owned()] {
            let request = self.client.get(format!("{}{path}", self.server.url()));
            self.answered(request.header(header::COOKIE, cookie.clone()), &format!("{path} {cookie:?}"));
        }
    }

    /// The last segment of a chat link.
    pub fn link_token(&self, data: &[u8]) {
        let segment: String = url::form_urlencoded::byte_serialize(data).collect();
        let address = format!("{}/c/{}", self.server.url(), segment.replace('+', "%20"));
        self.answered(self.client.get(&address), &address);
        let link = String::from_utf8_lossy(data).into_owned();
        if link == self.tenant.chat.link {
            return;
        }
        self.runtime.block_on(async {
            let refused = Socket::connect(&self.server, &self.tenant.namespace(), json!({ "link": link }), &[]).await;
            assert!(refused.is_err(), "let in by {link:?}");
        });
    }

    fn answered(&self, request: reqwest::RequestBuilder, what: &str) {
        let status = self.runtime.block_on(async {
            match within(what, request.send()).await {
                Ok(answer) => answer.status().as_u16(),
                // An address that the client itself will not send.
                Err(error) if error.is_builder() || error.is_request() => 400,
                Err(error) => panic!("{what}: {error}"),
            }
        });
        assert!(status < 500, "{what}: {status}");
    }

    fn path(&self, pattern: &str) -> String {
        let tenant = &self.tenant;
        let part = |segment: &str| match segment {
            "{slug}" => tenant.organization.slug.as_str().to_owned(),
            "{conversation}" => tenant.chat.conversation.to_string(),
            "{id}" if pattern.contains("conversations") => tenant.chat.conversation.to_string(),
            "{id}" | "{project}" => tenant.project.id.to_string(),
            // Whom a form ends is made up, so that the office stays open.
            parameter if parameter.starts_with('{') => {
                Value::from(uuid::Uuid::nil().to_string()).as_str().unwrap().into()
            }
            fixed => fixed.to_owned(),
        };
        pattern.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}
