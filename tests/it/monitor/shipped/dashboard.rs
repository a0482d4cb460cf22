//! The dashboard: people understand it, and so does Prometheus.

use serde_json::{Value, json};

use super::{complaints, grafana};

/// Queries as rules of Prometheus; JSON is YAML, too.
fn as_rules(queries: &[String]) -> String {
    let rule = |(at, query)| json!({ "record": format!("query_{at}"), "expr": query });
    let rules: Vec<Value> = queries.iter().enumerate().map(rule).collect();
    json!({ "groups": [{ "name": "dashboard", "rules": rules }] }).to_string()
}

#[test]
fn every_panel_explains_itself_and_asks_what_prometheus_understands() {
    let dashboard = grafana();
    let mut queries = Vec::new();
    for panel in dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row") {
        for said in [&panel["description"], &panel["fieldConfig"]["defaults"]["unit"]] {
            assert!(said.as_str().is_some_and(|text| !text.is_empty()), "{panel}");
        }
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty(), "{panel}");
        for target in targets {
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{target}");
            queries.push(target["expr"].as_str().unwrap().replace("$__rate_interval", "5m"));
        }
    }
    assert!(complaints(&as_rules(&["sum by (".to_owned()])).is_some(), "it can fail");
    assert_eq!(complaints(&as_rules(&queries)), None);
}
