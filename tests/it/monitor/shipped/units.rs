//! systemd understands all that stands in the units.

use std::fs;

use super::{run, shipped, text};

fn units() -> Vec<String> {
    let names = fs::read_dir(shipped("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| [".service", ".timer"].iter().any(|kind| name.ends_with(kind))).collect()
}

/// What systemd has against a unit among the others. It would go on in spite of what it does not understand.
fn complaints(unit: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for name in units() {
        // Where the program will be installed there is none yet.
        let text = text(&name).replace("/usr/bin/hearback", env!("CARGO_BIN_EXE_hearback"));
        fs::write(folder.path().join(&name), if name == unit { change(&text) } else { text }).unwrap();
    }
    let (well, said) = run("systemd-analyze", &["verify", "--man=no", &format!("./{unit}")], folder.path());
    (!well || !said.is_empty()).then_some(said)
}

#[test]
fn systemd_understands_every_unit() {
    let planted =
        [("Type=notify", "Type=notifying"), ("WatchdogSec=30", "WatchdogSec=often"), ("ExecStart=/", "ExecStart=/no/")];
    for (from, to) in planted {
        assert!(complaints("hearback.service", |unit| unit.replace(from, to)).is_some(), "it can fail: {to}");
    }
    assert!(units().len() >= 3, "{:?}", units());
    for unit in units() {
        assert_eq!(complaints(&unit, str::to_owned), None, "{unit}");
    }
}
