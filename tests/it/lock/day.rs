//! A day on which everything comes in that could get out again: words and secrets with canaries in them.

use axum::http::StatusCode;
use hearback::{
    app::organizations,
    domain::{
        access::Operator,
        organization::{Organization, Slug},
    },
};
use reqwest::Method;
use serde_json::json;

use crate::{
    harness::{
        Browser, Process, Server, Socket, Tenant,
        act::client_id,
        mail::MailServer,
        receiver::Receiver,
        tenant::{PASSWORD, name, operators_cookie},
        wait::until,
    },
    jobs::SECRET,
};

/// What a monitor elsewhere shows.
const METRICS_TOKEN: &str = "canary-metrics-token";
/// From where a proxy says that somebody comes.
pub const ADDRESS: &str = "203.0.113.77";

/// An installation before its day, and everybody outside that it knows; their addresses hold canaries, too.
pub struct House {
    pub folder: tempfile::TempDir,
    acme: Tenant,
    other: Organization,
    operator: String,
    mail: MailServer,
    outside: Receiver,
    pub collector: Receiver,
}

/// An address with a name, a password and a path.
fn with_canaries(url: &str) -> String {
    url.replace("://", "://canary-user:canary-password@").replace("/hook/secret", "/canary-path?canary-query=1")
}

impl House {
    pub async fn build() -> Self {
        let server = Server::start().await;
        let (app, acme) = (server.app(), Tenant::create(server.app(), "acme").await);
        let slug = Slug::parse("elsewhere").unwrap();
        let other = organizations::create(app, Operator::command_line(), slug, name("Elsewhere")).await.unwrap();
        let operator = operators_cookie(app).await;
        let folder = server.stop().await;
        let (mail, outside, collector) = (MailServer::start().await, Receiver::start().await, Receiver::start().await);
        Self { folder, acme, other, operator, mail, outside, collector }
    }

    /// Opens with everything set that can be set; the log at its finest.
    pub async fn open(&self, format: &str) -> Process {
        let [outside, smtp] = [&self.outside.url, &self.mail.url()].map(|url| with_canaries(url));
        let collector = with_canaries(&self.collector.url).replace("?canary-query=1", "");
        let flags = [
            ["--rate-limits", "off"],
            ["--log", "trace"],
            ["--log-format", format],
            ["--heartbeat-seconds", "1"],
            ["--check-seconds", "1"],
            ["--trusted-proxies", "127.0.0.1"],
            ["--metrics-token", METRICS_TOKEN],
            ["--ping-url", &outside],
            ["--smtp-url", &smtp],
            ["--mail-from", "Canary <canary-from@mail.example>"],
            ["--alert-mail-to", "canary-ops@mail.example"],
            ["--alert-webhook-url", &outside],
            ["--alert-webhook-secret", SECRET],
            ["--otlp-url", &collector],
        ];
        // What is waited for shall be of this day, not of the one before.
        drop(std::fs::remove_file(self.folder.path().join("log")));
        Process::start(self.folder.path(), flags.as_flattened()).await
    }

    /// The whole day; gives the secrets of it.
    pub async fn live(&self, process: &Process, round: &str) -> Vec<String> {
        self.something_breaks(process).await;
        let mut secrets = self.people(process, round).await;
        secrets.extend(self.operators(process, round).await);
        self.sockets(process).await;
        let acme = &self.acme;
        secrets.extend([&acme.chat.link, &acme.token].map(String::to_owned));
        secrets.extend([PASSWORD, SECRET].map(str::to_owned));
        secrets
    }

    /// An alert that fires while nobody outside takes anything, and clears once they do.
    async fn something_breaks(&self, process: &Process) {
        self.mail.answer("451 canary-answer, try again");
        self.outside.judge(|_| StatusCode::INTERNAL_SERVER_ERROR);
        logged(process, &["that all is well could not be told"]).await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.path().join("hearback.db"));
        let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        let trigger = "CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'ended' \
                       BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
        sqlx::query(trigger).execute(&mut other).await.unwrap();
        logged(process, &["a heartbeat did not come back", "an alert fires"]).await;
        until("mail and webhook to fail", || async {
            let log = process.log();
            let failed = |kind| log.lines().any(|line| line.contains("did not go well") && line.contains(kind));
            (failed("mail") && failed("webhook")).then_some(())
        })
        .await;
        self.mail.answer("");
        self.outside.judge(|_| StatusCode::NO_CONTENT);
        sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
        logged(process, &["an alert is over"]).await;
        until("mail and webhook to go well", || async {
            let log = process.log();
            let done = |kind| log.lines().any(|line| line.contains("a job is done") && line.contains(kind));
            (done("mail") && done("webhook")).then_some(())
        })
        .await;
    }

    async fn people(&self, process: &Process, round: &str) -> Vec<String> {
        let acme = &self.acme;
        let browser = Browser::open_at(&process.url).await;
        let agent = browser.request(Method::GET, "/sign-in?email=canary-query").header("user-agent", "canary-agent");
        let agent = agent.header("referer", format!("{}/c/{}", process.url, acme.chat.link));
        browser.send(agent.header("x-forwarded-for", ADDRESS)).await;
        browser.send(browser.request(Method::from_bytes(b"CANARY-METHOD").unwrap(), "/canary-path")).await;
        browser.sign_in("canary@mail.example", "canary-password").await;
        browser.sign_in("canary\nERROR forged: a line", "canary-password").await;
        browser.sign_in("recruiter@acme.example", PASSWORD).await;
        let project = format!("/o/acme/projects/{}", acme.project.id);
        browser.get("/o/acme/search?q=canary-search").await;
        let (name, email) = (format!("canary-name {round}"), format!("canary-{round}@mail.example"));
        let fields = [("name", name.as_str()), ("email", email.as_str()), ("phone", "canary-phone")];
        let link = browser.post(&format!("{project}/candidates"), &fields).await;
        let link = link.text.split("/c/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        browser.upload(&format!("{project}/import"), &[("file", "name,email\ncanary-row,canary\n")]).await;
        browser.post(&format!("/c/{link}"), &[]).await;
        browser.get(&format!("/c/{link}canary-path")).await;
        browser.post(&format!("/c/{link}/new"), &[]).await;
        let conversation = acme.chat.conversation;
        let form = [("body", "canary-body"), ("client_id", &client_id().to_string()), ("seen_seq", "0")];
        browser.post(&format!("/o/acme/conversations/{conversation}/messages"), &form).await;
        let call = json!({ "body": "canary-body", "client_id": client_id(), "seen_seq": 0, "canary-field": 1 });
        let path = format!("/api/v1/conversations/{conversation}/messages");
        browser.call(Method::POST, &path, &acme.token, Some(&call)).await;
        browser.call(Method::POST, &path, "canary-token", Some(&call)).await;
        let cookies = ["hearback_session", "hearback_chat", "hearback_csrf"].map(|name| browser.cookie(name).unwrap());
        cookies.into_iter().chain([link, browser.csrf().to_owned()]).collect()
    }

    async fn operators(&self, process: &Process, round: &str) -> Vec<String> {
        let browser = Browser::of_at(&process.url, &self.operator).await;
        let done = async |path: &str, fields: &[(&str, &str)]| {
            let answer = browser.post(path, fields).await;
            assert!(answer.status < 400, "{path}: {} {:.300}", answer.status, answer.text);
            answer
        };
        let slug = format!("canary-{round}");
        done("/admin/organizations", &[("slug", &slug), ("name", "canary organization")]).await;
        let (email, organization) = (format!("canary-new-{round}@mail.example"), self.acme.organization.id.to_string());
        let user = [
            ("email", email.as_str()),
            ("name", "canary person"),
            ("organization", &organization),
            ("role", "viewer"),
            ("operator", "yes"),
        ];
        let page = done("/admin/users", &user).await.text;
        let invitation =
            page.split("/setup/").nth(1).expect("an invitation").split(['"', '<']).next().unwrap().to_owned();
        let other = format!("/admin/organizations/{}", self.other.id);
        done(&format!("{other}/suspend"), &[]).await;
        done(&format!("{other}/restore"), &[]).await;
        for path in ["/admin", "/admin/audit?actor=canary%40mail.example", "/admin/audit.csv"] {
            assert!(browser.get(path).await.status < 500, "{path}");
        }
        vec![invitation, self.operator.split('=').nth(1).unwrap().to_owned()]
    }

    async fn sockets(&self, process: &Process) {
        let (acme, url) = (&self.acme, &process.url);
        let operator = Socket::enter_as_operator(url, &self.operator).await;
        operator.request("admin:overview", json!({})).await;
        let socket = Socket::enter_at(url, &acme.namespace(), json!({ "link": acme.chat.link })).await;
        let program = Socket::enter_at(url, &acme.namespace(), json!({ "token": acme.token })).await;
        let conversation = acme.chat.conversation;
        program.ask("conversation:open", json!({ "conversation": conversation })).await;
        let post = json!({ "conversation": conversation, "client_id": client_id(), "body": "canary-body" });
        socket.ask("message:post", post).await;
        program.event("message:posted", |_| true).await;
        let note = json!({ "conversation": conversation, "client_id": client_id(), "body": "canary-note" });
        program.ask("note:post", note).await;
        socket.request("canary-event", json!({ "canary-field": "canary-value" })).await;
        drop(socket.send_raw("[\"canary-broken\""));
        socket.raw("canary-frame");
    }
}

/// Waits until each of them has been logged; gives the log.
async fn logged(process: &Process, parts: &[&str]) -> String {
    let mut log = String::new();
    for part in parts {
        log = process.logged(part).await;
    }
    log
}

/// What monitors are shown.
pub async fn shown_to_monitors(process: &Process) -> [(&'static str, String); 2] {
    let browser = Browser::open_at(&process.url).await;
    let metrics = browser.send(browser.request(Method::GET, "/metrics").bearer_auth(METRICS_TOKEN)).await.text;
    [("/metrics", metrics), ("/health", browser.get("/health").await.text)]
}
