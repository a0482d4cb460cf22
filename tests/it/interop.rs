//! The official JavaScript client and Python's speak one shared script of the contract.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
};

use crate::harness::{Process, Server, Tenant, program::done, wait::until};

async fn speak(program: PathBuf, script: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let foreign = Tenant::create(server.app(), "foreign").await;
    let mut command = Command::new(&program);
    command
        .arg(script)
        .current_dir(&folder)
        .env("HEARBACK_URL", server.url())
        .env("HEARBACK_SLUG", "acme")
        .env("HEARBACK_TOKEN", &acme.token)
        .env("HEARBACK_LINK", &acme.chat.link)
        .env("HEARBACK_FOREIGN_TOKEN", &foreign.token);
    let said = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap_or_else(|error| panic!("{}: {error}; run `make test-packages`", program.display()));
    let text = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_javascript_client_finds_the_contract_kept() {
    speak("node".into(), "contract.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_finds_the_contract_kept() {
    speak(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop/.venv/bin/python"), "contract.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_is_told_of_a_restart_and_comes_back_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["org", "create", "acme", "--name", "House"]).await;
    let token = done(folder.path(), &["token", "create", "--org", "acme", "--name", "Program"]).await;
    let mut server = Process::start(folder.path(), &[]).await;
    let heard = folder.path().join("heard");
    let mut client = Command::new("node")
        .arg("restart.mjs")
        .current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop"))
        .envs([("HEARBACK_URL", server.url.as_str()), ("HEARBACK_SLUG", "acme"), ("HEARBACK_TOKEN", token.trim())])
        .stdout(File::create(&heard).unwrap())
        .spawn()
        .unwrap();
    let entered = || fs::read_to_string(&heard).unwrap().matches("entered").count();
    until("both transports to be in", || async { (entered() == 2).then_some(()) }).await;
    server.restart().await;
    let ended = until("the client to be back", || {
        let ended = client.try_wait().unwrap();
        async move { ended }
    })
    .await;
    let heard = fs::read_to_string(&heard).unwrap();
    assert!(ended.success(), "{heard}");
    assert_eq!(heard.matches("left: server_restart, transport ").count(), 2, "{heard}");
}
