//! The official JavaScript client and Python's speak one shared script of the contract.

use std::{path::PathBuf, process::Command};

use crate::harness::{Server, Tenant};

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
