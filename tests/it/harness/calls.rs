//! Every operation of REST, called so that nothing about the request itself can be refused. The order is one in which a
//! program of the organization is let do all of it; the same calls with a stranger's token are refused for whose it is.

use std::fmt::Display;

use hearback::{
    domain::queue::LeaseToken,
    web::routes::{self, Who},
};
use serde_json::{Value, json};

use super::{Tenant, act::client_id};

/// What a call carries.
#[derive(Clone, Debug)]
pub enum Carried {
    Nothing,
    Json(Value),
    Csv(String),
}

/// One call of an operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// As in the OpenAPI document: in small letters.
    pub method: &'static str,
    /// The path as the router has it.
    pub path: &'static str,
    /// What stands in its braces.
    pub id: String,
    /// With its question mark, or empty.
    pub query: String,
    pub carried: Carried,
    /// Whether a viewer's token may not do it.
    pub writes: bool,
    /// The status of its success.
    pub status: u16,
}

impl Call {
    fn get(path: &'static str, id: impl Display, query: String) -> Self {
        let id = id.to_string();
        Self { method: "get", path, id, query, carried: Carried::Nothing, writes: false, status: 200 }
    }

    fn change(method: &'static str, path: &'static str, id: impl Display, status: u16) -> Self {
        let id = id.to_string();
        Self { method, path, id, query: String::new(), carried: Carried::Nothing, writes: true, status }
    }

    fn with(self, fields: Value) -> Self {
        Self { carried: Carried::Json(fields), ..self }
    }

    /// The path with its id, below the server's address.
    pub fn address(&self) -> String {
        let part = |part: &str| if part.starts_with('{') { self.id.clone() } else { part.to_owned() };
        self.path.split('/').map(part).collect::<Vec<_>>().join("/") + &self.query
    }

    /// The content type and the text of what it carries.
    pub fn body(&self) -> Option<(&'static str, String)> {
        match &self.carried {
            Carried::Nothing => None,
            Carried::Json(value) => Some(("application/json", value.to_string())),
            Carried::Csv(text) => Some(("text/csv", text.clone())),
        }
    }

    /// Whether it names something that somebody may own.
    pub fn names_something(&self) -> bool {
        self.path.contains('{') || self.query.contains("project=") || self.carries("project")
    }

    fn carries(&self, field: &str) -> bool {
        matches!(&self.carried, Carried::Json(fields) if fields.get(field).is_some())
    }
}

/// Every call, with the ids of an organization whose candidate has written once and whose program holds that `lease`.
pub fn calls(of: &Tenant, lease: &LeaseToken) -> Vec<Call> {
    [projects(of), conversations(of), queue(of, lease), messages(of), candidates(of)].concat()
}

fn projects(of: &Tenant) -> Vec<Call> {
    let project = of.project.id;
    let one = "/api/v1/projects/{id}";
    let announcements = "/api/v1/projects/{id}/announcements";
    vec![
        Call::get("/api/v1/projects", "", "?limit=1".to_owned()),
        Call::change("post", "/api/v1/projects", "", 201).with(json!({ "name": "Tram driver", "restricted": false })),
        Call::get(one, project, String::new()),
        Call::change("patch", one, project, 200)
            .with(json!({ "name": "Renamed", "status": "open", "restricted": false, "team": [of.recruiter.id] })),
        Call::change("post", announcements, project, 201).with(json!({ "client_id": client_id(), "body": "hello" })),
        Call::get(announcements, project, "?limit=10&after_seq=0".to_owned()),
    ]
}

fn conversations(of: &Tenant) -> Vec<Call> {
    let (project, conversation) = (of.project.id, of.chat.conversation);
    let (one, link) = ("/api/v1/conversations/{id}", "/api/v1/conversations/{id}/link");
    vec![
        Call::get("/api/v1/conversations", "", format!("?limit=10&status=open&project={project}")),
        Call::get(one, conversation, String::new()),
        Call::change("patch", one, conversation, 200).with(
            json!({ "status": "open", "priority": "urgent", "assignee": of.recruiter.id, "labels": ["second round"] }),
        ),
        Call::change("post", link, conversation, 201),
        Call::change("delete", link, conversation, 204),
    ]
}

fn queue(of: &Tenant, lease: &LeaseToken) -> Vec<Call> {
    let (project, conversation) = (of.project.id, of.chat.conversation);
    let verb = |path, status| Call::change("post", path, conversation, status);
    vec![
        Call::get("/api/v1/queue", "", format!("?limit=10&project={project}")),
        verb("/api/v1/queue/{conversation}/renew", 200).with(json!({ "lease": lease })),
        verb("/api/v1/queue/{conversation}/release", 204).with(json!({ "lease": lease })),
        Call::change("post", "/api/v1/queue/next", "", 200).with(json!({ "project": project })),
        verb("/api/v1/queue/{conversation}/claim", 200).with(json!({ "take_over": true })),
    ]
}

fn messages(of: &Tenant) -> Vec<Call> {
    let conversation = of.chat.conversation;
    let path = "/api/v1/conversations/{id}/messages";
    let reply = json!({
        "client_id": client_id(), "body": "hello", "seen_seq": 0, "lease": "none", "take_over": true, "attachments": [],
    });
    vec![
        Call::change("post", path, conversation, 201).with(reply),
        Call::get(path, conversation, "?limit=10&after_seq=0".to_owned()),
        Call::change("post", "/api/v1/queue/{conversation}/resolve", conversation, 204).with(json!({ "seen_seq": 1 })),
    ]
}

fn candidates(of: &Tenant) -> Vec<Call> {
    let (project, candidate) = (of.project.id, of.chat.added.candidate.id);
    let ada = json!({
        "name": "Ada", "email": "ada@example.org", "phone": "+43 1 234567", "locale": "de-AT",
        "time_zone": "Europe/Vienna", "external_id": "ats-17",
    });
    let import = Call {
        query: "?dry_run=false".to_owned(),
        carried: Carried::Csv("name,email\nBo,bo@example.org\n,nobody@example.org\n".to_owned()),
        ..Call::change("post", "/api/v1/projects/{id}/candidates/import", project, 200)
    };
    let export = Call::get("/api/v1/candidates/{id}/export", candidate, String::new());
    vec![
        Call::change("post", "/api/v1/projects/{id}/candidates", project, 201).with(ada),
        import,
        // A viewer may not take data out of the house either.
        Call { writes: true, ..export },
        Call::change("delete", "/api/v1/candidates/{id}", candidate, 204),
    ]
}

/// Method and path of every address for programs, as the router has them.
pub fn listed() -> Vec<(String, String)> {
    let of_api = |route: &&routes::Route| route.who == Who::Api;
    let name = |route: &routes::Route| (route.method.as_str().to_lowercase(), route.path.clone());
    let mut all: Vec<_> = routes::all().list().iter().filter(of_api).map(name).collect();
    all.sort();
    all
}

/// An address that was added later needs a call above.
pub fn assert_complete(calls: &[Call]) {
    let mut called: Vec<_> = calls.iter().map(|call| (call.method.to_owned(), call.path.to_owned())).collect();
    called.sort();
    called.dedup();
    assert_eq!(called, listed(), "each address for programs needs its call in tests/it/harness/calls.rs");
}
