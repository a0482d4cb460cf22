//! Rules and dashboard speak of metrics by their right names: a wrong one is nothing that anybody would notice.

use std::collections::BTreeSet;

use hearback::telemetry::{Metrics, metrics::Family};
use serde_json::Value;

use super::{RULES, grafana, tests, text};

/// Names in a query or around it, each with the labels by which it is chosen.
fn names(text: &str) -> Vec<(&str, Vec<&str>)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find(is_name) {
        let end = rest[start..].find(|c| !is_name(c)).map_or(rest.len(), |length| start + length);
        let name = &rest[start..end];
        rest = &rest[end..];
        if name.starts_with("hearback_") || name.contains(":hearback_") {
            found.push((name, rest.strip_prefix('{').map_or_else(Vec::new, labels)));
        }
    }
    found
}

/// The labels before the `}`: each stands before what is in quotes.
fn labels(chosen: &str) -> Vec<&str> {
    let between_quotes = chosen.split('"').step_by(2).map(|part| part.trim_start_matches([',', ' ']));
    let labels = between_quotes.take_while(|part| !part.starts_with('}'));
    labels.map(|label| label.trim_end_matches(['=', '!', '~', ' '])).collect()
}

/// As which Prometheus knows it.
fn is_named(family: &Family, name: &str) -> bool {
    let part = ["_bucket", "_sum", "_count"].into_iter().find_map(|part| name.strip_suffix(part));
    if family.histogram { part == Some(family.name.as_str()) } else { name == family.name }
}

/// Names and labels that neither Hearback nor the rules have.
fn strangers(text: &str, families: &[Family], recorded: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut strangers = BTreeSet::new();
    for (name, labels) in names(text) {
        if recorded.contains(name) {
            continue;
        }
        let Some(family) = families.iter().find(|family| is_named(family, name)) else {
            strangers.insert(name.to_owned());
            continue;
        };
        let known = |label: &str| {
            // What Prometheus itself adds.
            ["job", "instance"].contains(&label)
                || (label == "le" && name.ends_with("_bucket"))
                || family.labels.iter().any(|own| own == label)
        };
        strangers.extend(labels.into_iter().filter(|label| !known(label)).map(|label| format!("{name}{{{label}}}")));
    }
    strangers
}

/// Every text within.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn rules_and_dashboard_name_only_what_hearback_tells() {
    let (rules, tests, grafana) = (text(RULES), tests(), grafana());
    let metrics = Metrics::default();
    let recorded = rules.lines().filter_map(|line| line.trim_start().strip_prefix("- record: ")).collect();
    let look = |text: &str| strangers(text, metrics.families(), &recorded);
    let planted = "hearback_colour > 1 and hearback_sockets{job=\"x,}\", colour!=\"y\"} or job:hearback_x:max + \
                   rate(hearback_message_ack_seconds{le=\"1\"}[5m]) / hearback_namespaces_count";
    let found = [
        "hearback_colour",
        "hearback_message_ack_seconds",
        "hearback_namespaces_count",
        "hearback_sockets{colour}",
        "job:hearback_x:max",
    ];
    assert!(look(planted).iter().eq(found), "it can fail: {:?}", look(planted));
    let strangers: BTreeSet<String> =
        texts(&grafana).into_iter().chain([rules.as_str(), tests.as_str()]).flat_map(look).collect();
    assert!(strangers.is_empty(), "not told by Hearback: {strangers:#?}");
}
