//! `org`, `user`, `token` and `export`.

use std::io::Read;

use serde_json::{Value, json};

use crate::harness::{
    Process, Server, Socket, Tenant,
    act::write,
    postgres::Postgres,
    program::{command, command_with, done},
};

/// From nothing to a program that is let in, on a server that runs and is told of nothing but by the database.
async fn open_house(flags: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), flags).await;
    let with = |line: &[&'static str]| -> Vec<String> { line.iter().chain(flags).map(ToString::to_string).collect() };
    let run = async |line: &[&'static str], input: &str| {
        let line = with(line);
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let said = command_with(folder.path(), &line, &[], input).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        said.out
    };
    run(&["org", "create", "acme", "--name", "House"], "").await;
    let user = ["user", "create", "ada@acme.example", "--name", "Ada", "--org", "acme", "--role", "owner"];
    run(&[&user[..], &["--password-stdin"]].concat(), "a long walk by the river\nnot this line\n").await;
    let token = run(&["token", "create", "--org", "acme", "--name", "Applicant tracking"], "").await;
    let [alone] = token.lines().collect::<Vec<_>>()[..] else { panic!("not alone: {token:?}") };
    assert!(alone.len() >= 43 && !alone.contains(' '), "{alone}");
    let socket = Socket::enter_at(&server.url, "/org/acme", json!({ "token": alone })).await;
    let ready = socket.event("session:ready", |_| true).await;
    assert_eq!((&ready["actor"]["kind"], &ready["organization"]["slug"]), (&json!("api"), &json!("acme")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commands_make_is_there_on_the_server_that_runs() {
    open_house(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commands_make_is_there_on_the_server_that_runs_on_postgresql() {
    let postgres = Postgres::start();
    open_house(&["--database-url", &postgres.url()]).await;
}

#[tokio::test]
async fn a_refusal_names_the_argument() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    let user = |email: &'static str, org: &'static str, role: &'static str| {
        ["user", "create", email, "--name", "Ada", "--org", org, "--role", role, "--password-stdin"]
    };
    let token = |role: &'static str| ["token", "create", "--org", "acme", "--name", "Program", "--role", role];
    let good = "a long walk by the river";
    let lines: [(&[&str], &str, &str); 8] = [
        (&["org", "create", "Bad Slug", "--name", "House"], "", "slug"),
        (&["org", "create", "acme", "--name", "House"], "", "slug"),
        (&["org", "create", "other", "--name", " "], "", "name"),
        (&user("nobody", "acme", "owner"), good, "email"),
        (&user("ada@acme.example", "none", "owner"), good, "org"),
        (&user("ada@acme.example", "acme", "king"), good, "role"),
        (&user("ada@acme.example", "acme", "owner"), "short", "password"),
        (&token("owner"), "", "role"),
    ];
    for (line, input, named) in lines {
        let sentence = command_with(folder.path(), line, &[], input).await.sentence();
        assert!(sentence.starts_with(&format!("{named}: ")), "{line:?}: {sentence}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_one_organization_and_no_secret() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let other = Tenant::create(server.app(), "canary").await;
    write(server.app(), &acme.chat, "Is the position still open?").await;
    write(server.app(), &other.chat, "Hello").await;
    let target = server.folder().join("acme.zip");
    let path = target.to_str().unwrap();
    done(server.folder(), &["export", "--org", "acme", path]).await;

    let mut archive = zip::ZipArchive::new(std::fs::File::open(&target).unwrap()).unwrap();
    let mut all = String::new();
    for at in 0..archive.len() {
        archive.by_index(at).unwrap().read_to_string(&mut all).unwrap();
    }
    let rows: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.iter().any(|row| row["body"] == "Is the position still open?" && row["seq"] == 1), "{all}");
    assert!(rows.iter().any(|row| row["action"] == "candidate.added"), "{all}");
    assert!(!all.contains("canary"));
    for secret in [&acme.token, &acme.chat.link, &acme.owner.session, "argon2", "hash"] {
        assert!(!all.contains(secret), "{secret}");
    }

    let again = command(server.folder(), &["export", "--org", "acme", path]).await;
    assert!(again.sentence().contains("exists already"));
    let nowhere = server.folder().join("none/acme.zip");
    command(server.folder(), &["export", "--org", "acme", nowhere.to_str().unwrap()]).await.sentence();
    command(server.folder(), &["export", "--org", "none", &format!("{path}2")]).await.sentence();
    let left = std::fs::read_dir(server.folder()).unwrap().map(|file| file.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("partial")).collect();
    assert!(left.is_empty(), "{left:?}");
}
