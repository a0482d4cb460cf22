//! The alerts: Prometheus understands them, they fire when they should and only then, and they say what to do.

use std::fs;

use super::{RULES, TESTS, complaints, run, shipped, tests, text};

#[test]
fn prometheus_takes_the_rules() {
    let rules = text(RULES);
    let planted = rules.replace("up{job=\"hearback\"} == 0", "up{job=\"hearback\" == 0");
    assert!(complaints(&planted).is_some(), "it can fail");
    assert_eq!(complaints(&rules), None);
}

/// What goes wrong in one file of tests beside these rules.
fn failures(tests: &str, rules: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hearback.rules.yml"), rules).unwrap();
    fs::copy(shipped("prometheus").join(tests), folder.path().join(tests)).unwrap();
    let (well, said) = run("promtool", &["test", "rules", tests], folder.path());
    (!well).then_some(said)
}

#[test]
fn alerts_fire_when_they_should_and_are_quiet_otherwise() {
    assert_eq!(failures(TESTS[0], &text(RULES)), None);
}

#[test]
fn alerts_about_objectives_fire_by_each_pair_of_windows() {
    assert_eq!(failures(TESTS[1], &text(RULES)), None);
}

#[test]
fn silence_is_noticed_by_what_is_usual_in_three_of_four_weeks() {
    let rules = text(RULES);
    let planted = rules.replace(") >= 3\n", ") >= 2\n");
    assert!(failures(TESTS[2], &planted).is_some_and(|said| said.contains("holidays")), "it can fail");
    assert_eq!(failures(TESTS[2], &rules), None);
}

/// Alerts that are not shown firing or not shown quiet, or that do not say what to do.
fn unshown(rules: &str, tests: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for alert in rules.split("- alert: ").skip(1) {
        let alert = alert.split("- record: ").next().unwrap();
        let name = alert.lines().next().unwrap();
        for said in ["severity: ", "summary: ", "description: ", "runbook: "] {
            if !alert.contains(&format!("\n          {said}")) {
                faults.push(format!("{name} has no {said}"));
            }
        }
        let label = format!("alertname=\"{name}\"");
        let asked = tests.split("- expr: ").filter(|asked| asked.lines().next().unwrap_or_default().contains(&label));
        let (firing, quiet): (Vec<&str>, Vec<&str>) = asked.partition(|asked| asked.contains("exp_samples:"));
        if firing.is_empty() {
            faults.push(format!("{name} is never shown firing"));
        }
        // What fires always is quiet never.
        if quiet.is_empty() != (name == "HearbackWatchdog") {
            faults.push(format!("{name} is shown quiet {} times", quiet.len()));
        }
    }
    faults
}

#[test]
fn every_alert_is_shown_firing_and_quiet_and_says_what_to_do() {
    assert_eq!(unshown("- alert: New\n", &tests()).len(), 6, "it can fail");
    assert_eq!(unshown(&text(RULES), &tests()), Vec::<String>::new());
}
