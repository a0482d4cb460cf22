//! What ships beside the binary is sound: rules for Prometheus, a dashboard for Grafana, units for systemd.

mod dashboard;
mod names;
mod rules;
mod units;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const RULES: &str = "prometheus/hearback.rules.yml";
/// One file has one step of time: a quarter of a minute, half an hour, an hour.
const TESTS: [&str; 3] = ["hearback.test.yml", "hearback.days.test.yml", "hearback.weeks.test.yml"];

fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".packaging").join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(shipped(path)).unwrap()
}

fn tests() -> String {
    TESTS.map(|tests| text(&format!("prometheus/{tests}"))).concat()
}

fn grafana() -> Value {
    serde_json::from_str(&text("grafana/hearback.json")).unwrap()
}

/// Whether a program ended well, and what it said.
fn run(program: &str, line: &[&str], folder: &Path) -> (bool, String) {
    let output = Command::new(program).args(line).current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    (output.status.success(), said)
}

/// What Prometheus has against these rules.
fn complaints(rules: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yml"), rules).unwrap();
    let (well, said) = run("promtool", &["check", "rules", "--lint-fatal", "rules.yml"], folder.path());
    (!well).then_some(said)
}
