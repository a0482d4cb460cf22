//! What is erased is not readable any more: not in the database file, not in what SQLite keeps with it, not in the log.

use std::{fs, path::Path, process::Command};

use chrono::TimeDelta;
use hearback::{
    app::{candidates, jobs, organizations},
    domain::{
        access::Operator,
        candidate::{Profile, RawProfile},
        job::{NewJob, Work},
        mail::Mail,
        user::Email,
    },
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};

use crate::harness::{
    Process, Server, Socket, Tenant,
    act::{client_id, schedule, write},
    postgres::Postgres,
    program::done,
    wait::{until, within},
};

/// How many other conversations the words of the erased ones lie between.
const NEIGHBOURS: usize = 5;

/// How many messages each conversation has, of either side.
const MESSAGES: usize = 20;

/// A server with an organization and a token.
struct Office {
    url: String,
    token: String,
    project: String,
    http: reqwest::Client,
}

/// Somebody who is going to be erased, and every word that must go.
struct Erased {
    candidate: String,
    words: Vec<String>,
}

impl Erased {
    fn of(word: String) -> Self {
        Self { candidate: String::new(), words: vec![word] }
    }
}

impl Office {
    async fn open(url: &str, folder: &Path, flags: &[&str]) -> Self {
        let create = ["org", "create", "acme", "--name", "Acme"];
        done(folder, &[&create[..], flags].concat()).await;
        let create = ["token", "create", "--org", "acme", "--name", "Program"];
        let token = done(folder, &[&create[..], flags].concat()).await.trim().to_owned();
        let mut office = Self { url: url.to_owned(), token, project: String::new(), http: reqwest::Client::new() };
        let project = office.call("POST", "/projects", json!({ "name": "Tram driver" })).await;
        project["id"].as_str().unwrap().clone_into(&mut office.project);
        office
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let address = format!("{}/api/v1{path}", self.url);
        let request = self.http.request(method.parse().unwrap(), address).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {answer:?}");
        answer.json().await.unwrap_or_default()
    }

    /// Adds a candidate; gives the candidate's id, the conversation's and a socket of each side.
    async fn add(&self, profile: Value) -> (String, String, Socket, Socket) {
        let added = self.call("POST", &format!("/projects/{}/candidates", self.project), profile).await;
        let link = added["chat_url"].as_str().unwrap().rsplit('/').next().unwrap();
        let candidate = Socket::enter_at(&self.url, "/org/acme", json!({ "link": link })).await;
        let team = Socket::enter_at(&self.url, "/org/acme", json!({ "token": self.token })).await;
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        (id(&added["candidate"]), id(&added["conversation"]), candidate, team)
    }

    /// Two candidates of whom every field, message, note and label is known by words that nobody else uses, between others.
    async fn fill(&self) -> Vec<Erased> {
        let mut erased = Vec::new();
        for number in 0..2 {
            for neighbour in 0..NEIGHBOURS {
                let profile = json!({ "name": format!("Neighbour {number} {neighbour}") });
                let (_, conversation, candidate, team) = self.add(profile).await;
                self.converse(&conversation, &candidate, &team).await;
            }
            let [name, mail, external, label] = std::array::from_fn(|_| word());
            let phone = format!("{}", uuid::Uuid::new_v4().as_u128() % 1_000_000_000_000);
            let profile = json!({
                "name": format!("Erika {name}"), "email": format!("{mail}@mail.example"), "phone": phone,
                "external_id": external,
            });
            let (id, conversation, candidate, team) = self.add(profile).await;
            let mut words = self.converse(&conversation, &candidate, &team).await;
            let change = json!({ "labels": [label], "priority": "urgent" });
            self.call("PATCH", &format!("/conversations/{conversation}"), change).await;
            words.extend([name, mail, phone, external, label]);
            erased.push(Erased { candidate: id, words });
        }
        erased
    }

    /// Both sides write, and the team notes something; gives the words.
    async fn converse(&self, conversation: &str, candidate: &Socket, team: &Socket) -> Vec<String> {
        let (mut words, mut acks) = (Vec::new(), Vec::new());
        for number in 0..MESSAGES {
            for (socket, event, seen_seq) in
                [(candidate, "message:post", None), (team, "message:post", Some(0)), (team, "note:post", None)]
            {
                let said = word();
                let body = format!("We met on the bridge, {said}, and talked about trams for a while. {number}");
                let mut request = json!({ "conversation": conversation, "client_id": client_id(), "body": body });
                if let Some(seen_seq) = seen_seq {
                    request["seen_seq"] = json!(seen_seq);
                }
                acks.push(socket.send(event, &request));
                words.push(said);
            }
        }
        for ack in acks {
            assert_eq!(within("an ack", ack).await.unwrap()["ok"], true);
        }
        words
    }

    async fn erase(&self, erased: &[Erased]) {
        for one in erased {
            self.call("DELETE", &format!("/candidates/{}", one.candidate), Value::Null).await;
        }
    }
}

/// A word that nobody else uses. The index for searching keeps a word without the letters that it shares with the one before,
/// so its end is what is looked for.
fn word() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

fn end_of(word: &str) -> &str {
    &word[word.len().saturating_sub(20)..]
}

/// Those of the words that stand in a file of the folder, with the file's name.
fn readable(folder: &Path, erased: &[Erased]) -> Vec<String> {
    let words = tempfile::NamedTempFile::new().unwrap();
    let ends: Vec<&str> = erased.iter().flat_map(|one| &one.words).map(|word| end_of(word)).collect();
    fs::write(words.path(), ends.join("\n")).unwrap();
    // SQLite may remove its log in between: that is no trouble of grep's to end with.
    let mut grep = Command::new("grep");
    grep.args(["--text", "--only-matching", "--fixed-strings", "--recursive", "--no-messages", "--file"]);
    let found = grep.arg(words.path()).arg(folder).output().unwrap();
    let mut found: Vec<String> = String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

async fn until_unreadable(folder: &Path, erased: &[Erased]) {
    let before = readable(folder, erased).len();
    until(&format!("{before} words to go"), || async { readable(folder, erased).is_empty().then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_candidate_is_readable_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path(), &["--rate-limits", "off"]).await;
    let office = Office::open(&server.url, folder.path(), &[]).await;
    let all = office.fill().await;
    // What was written before is in the file, what is written after in the log.
    server.restart().await;
    let [first, second] = &all[..] else { panic!("two") };
    for one in &all {
        let alone = std::slice::from_ref(one);
        assert!(readable(folder.path(), alone).len() >= one.words.len(), "each can be found while it is there");
    }

    office.erase(std::slice::from_ref(first)).await;
    until_unreadable(folder.path(), std::slice::from_ref(first)).await;
    assert!(readable(folder.path(), std::slice::from_ref(second)).len() >= second.words.len(), "and no other is gone");

    // Killed before the log was emptied, maybe: the next start empties it.
    office.erase(std::slice::from_ref(second)).await;
    server.kill_and_spawn();
    server.answers("/livez").await;
    until_unreadable(folder.path(), &all).await;
    server.terminate();
    assert!(server.ended().await.0.success());
    assert_eq!(readable(folder.path(), &all), [""; 0], "after a stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_candidate_who_was_erased_under_load_is_readable_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]).await;
    let office = Office::open(&server.url, folder.path(), &[]).await;
    let all = office.fill().await;
    let (_, conversation, candidate, _team) = office.add(json!({ "name": "Load" })).await;
    let writing = tokio::spawn(async move {
        loop {
            let acks: Vec<_> = (0..50)
                .map(|_| json!({ "conversation": conversation, "client_id": client_id(), "body": "Are you there?" }))
                .map(|request| candidate.send("message:post", &request))
                .collect();
            for ack in acks {
                ack.await.unwrap();
            }
        }
    });
    office.erase(&all).await;
    until_unreadable(folder.path(), &all).await;
    assert!(!writing.is_finished(), "others went on writing");
    writing.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_what_was_removed_or_overwritten_is_readable_in_any_file() {
    let server = Server::start().await;
    let (app, folder) = (server.app(), server.folder());
    let acme = Tenant::create(app, "acme").await;
    let others = Tenant::create(app, "others").await;
    let [said, phone, mail, kept] = std::array::from_fn(|_| word());
    let (said, phone, mail) = (Erased::of(said), Erased::of(phone), Erased::of(mail));
    let kept = Erased::of(kept);
    write(app, &acme.chat, &said.words[0]).await;
    write(app, &others.chat, &kept.words[0]).await;
    let profile =
        |phone: Option<&str>| Profile::parse(RawProfile { name: "Ada", phone, ..RawProfile::default() }).unwrap();
    let candidate = others.chat.added.candidate.id;
    candidates::update(app, &others.owner.actor, candidate, profile(Some(&phone.words[0]))).await.unwrap();
    let to = Email::parse("to", "ada@others.example").unwrap();
    let work = Work::Mail(Mail { to, subject: "Soon".to_owned(), text: mail.words[0].clone() });
    let run_at = Some(app.clock.now().plus(TimeDelta::days(1)));
    let job = schedule(app, NewJob { work, organization: None, run_at }).await;
    for there in [&said, &phone, &mail, &kept] {
        assert!(!readable(folder, std::slice::from_ref(there)).is_empty());
    }

    organizations::remove(app, Operator::command_line(), acme.organization.id).await.unwrap();
    until_unreadable(folder, &[said]).await;
    candidates::update(app, &others.owner.actor, candidate, profile(None)).await.unwrap();
    until_unreadable(folder, &[phone]).await;
    jobs::discard(app, Operator::command_line(), job).await.unwrap();
    until_unreadable(folder, &[mail]).await;
    assert!(!readable(folder, &[kept]).is_empty());
}

/// Every row of every table, as text.
async fn rows(pool: &PgPool) -> String {
    let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(pool).await.unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    let mut all = String::new();
    for (table,) in tables {
        let sql = format!("SELECT t::text FROM {table} t");
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        all.extend(rows.into_iter().map(|(row,)| row + "\n"));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_candidate_is_in_any_table_on_postgresql() {
    let (postgres, folder) = (Postgres::start(), tempfile::tempdir().unwrap());
    let url = postgres.url();
    let server = Process::start(folder.path(), &["--rate-limits", "off", "--database-url", &url]).await;
    let office = Office::open(&server.url, folder.path(), &["--database-url", &url]).await;
    let all = office.fill().await;
    let pool = PgPool::connect(&url).await.unwrap();
    let left = async || {
        let rows = rows(&pool).await;
        let words = all.iter().flat_map(|one| &one.words).filter(|word| rows.contains(end_of(word)));
        words.cloned().collect::<Vec<_>>()
    };
    assert_eq!(left().await.len(), all.iter().map(|one| one.words.len()).sum::<usize>());
    office.erase(&all).await;
    assert_eq!(left().await, [""; 0]);
    assert_eq!(readable(folder.path(), &all), [""; 0], "nor in the log");
}
