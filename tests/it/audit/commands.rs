//! What commands do is told, as done on the machine.

use hearback::domain::{
    access::Whence,
    audit::{ActorKind, Entry},
};

use super::everything;
use crate::harness::{
    Server,
    program::{command_with, done, refused},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_commands_do_is_told_and_what_they_are_refused_is_not() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    refused(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    let user = ["user", "create", "ada@acme.example", "--name", "Ada", "--org", "acme", "--role", "owner"];
    let line = [&user[..], &["--password-stdin"]].concat();
    let said = command_with(folder.path(), &line, &[], "a long walk by the river\n").await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let token = done(folder.path(), &["token", "create", "--org", "acme", "--name", "Program"]).await;
    let file = folder.path().join("acme.zip");
    done(folder.path(), &["export", "--org", "acme", file.to_str().unwrap()]).await;
    refused(folder.path(), &["export", "--org", "none", folder.path().join("none.zip").to_str().unwrap()]).await;

    let server = Server::start_in(folder).await;
    let entries = everything(server.app()).await;
    let told: Vec<_> = entries.iter().map(|entry| (entry.action.as_str(), label(entry))).collect();
    let expected = [
        ("organization.created", "House"),
        ("user.created", "Ada"),
        ("token.created", "Program"),
        ("organization.exported", "House"),
    ];
    assert_eq!(told, expected.map(|(action, label)| (action, label.to_owned())));
    for entry in &entries {
        assert_eq!((entry.by.kind, entry.by.whence), (ActorKind::CommandLine, Whence::CommandLine), "{entry:?}");
        assert!(entry.organization.as_ref().is_some_and(|(_, slug)| slug.is_some()), "{entry:?}");
        assert!(!format!("{entry:?}").contains(token.trim()), "no secret");
    }
}

fn label(entry: &Entry) -> String {
    entry.subject.as_ref().unwrap().label.as_ref().unwrap().to_string()
}
