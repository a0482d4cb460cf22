//! The two documents that are served: sound by the schemas of those who wrote the standards, and complete.

use std::collections::BTreeSet;

use hearback::realtime::{
    events::ANNOUNCED,
    request::{REQUESTS, Who},
};
use serde_json::Value;

use super::schema::{faults, published};
use crate::harness::{Server, calls};

async fn served(path: &str) -> Value {
    let server = Server::start().await;
    let answer = reqwest::get(format!("{}/api/v1/{path}", server.url())).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    answer.json().await.unwrap()
}

/// Method, path and operation, of all that the document describes.
fn operations(document: &Value) -> Vec<((String, String), &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| ((method.clone(), path.clone()), operation))
        })
        .collect()
}

fn references<'a>(json: &'a Value, found: &mut BTreeSet<&'a str>) {
    match json {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn assert_every_reference_leads_somewhere(document: &Value) {
    let mut found = BTreeSet::new();
    references(document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_openapi_document_is_sound() {
    let document = served("openapi.json").await;
    let standard = published("@seriousme/openapi-schema-validator/schemas/v3.1/schema.json");
    assert_eq!(faults(&standard, &document), [""; 0]);
    let mut bad = document.clone();
    bad["paths"]["/api/v1/queue"]["get"]["responses"] = Value::Null;
    assert!(!standard.is_valid(&bad), "the standard's schema can fail");
    assert_every_reference_leads_somewhere(&document);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}: {schema}");
    }
}

#[tokio::test]
async fn the_openapi_document_describes_what_the_router_has_and_nothing_else() {
    let document = served("openapi.json").await;
    let operations = operations(&document);
    let mut described: Vec<_> = operations.iter().map(|(name, _)| name.clone()).collect();
    described.sort();
    assert_eq!(described, calls::listed());
    let mut ids = BTreeSet::new();
    for ((method, path), operation) in operations {
        let at = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().expect(&at)), "{at}: an id of its own");
        assert!(operation["summary"].as_str().is_some_and(|said| !said.is_empty()), "{at}: what it does");
        assert_parameters_are_described(&path, operation);
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at}: how it succeeds");
        for refusal in ["400", "401", "403", "404", "409", "413", "415", "429", "500", "503"] {
            assert!(responses.contains_key(refusal), "{at}: {refusal}");
        }
        if method == "post" || method == "patch" {
            let takes_nothing = path.ends_with("/link");
            assert_eq!(operation["requestBody"].is_object(), !takes_nothing, "{at}: what it takes");
        }
    }
    let scheme = &document["components"]["securitySchemes"]["token"];
    assert_eq!((scheme["type"].as_str(), scheme["scheme"].as_str()), (Some("http"), Some("bearer")));
    assert!(document["security"][0]["token"].is_array(), "every operation wants the token");
}

fn assert_parameters_are_described(path: &str, operation: &Value) {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let of = |place: &str| -> Vec<String> {
        let those = parameters.iter().filter(|parameter| parameter["in"] == place);
        those.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    };
    let named: Vec<_> =
        path.split('/').filter_map(|part| part.strip_prefix('{')).map(|part| part.trim_end_matches('}')).collect();
    assert_eq!(of("path"), named, "{path}");
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    let is_list = answer.as_str().is_some_and(|name| name.ends_with("List") || name.ends_with("/Queue"));
    if is_list {
        let query = of("query");
        assert!(["limit", "cursor"].iter().all(|name| query.iter().any(|said| said == name)), "{path}: {query:?}");
    }
}

#[tokio::test]
async fn the_asyncapi_document_is_sound_and_names_every_event() {
    let document = served("asyncapi.json").await;
    let standard = published("@asyncapi/specs/schemas/3.0.0.json");
    assert_eq!(faults(&standard, &document), [""; 0]);
    let mut bad = document.clone();
    bad["operations"]["message_post"]["action"] = "shout".into();
    assert!(!standard.is_valid(&bad), "the standard's schema can fail");
    assert_every_reference_leads_somewhere(&document);
    for request in REQUESTS {
        let channel = if request.who == Who::Operators { "admin" } else { "organization" };
        let (asked, answered) = messages_of(&document, request.name, "receive", channel);
        for field in request.fields {
            assert!(asked["payload"]["properties"][field.name].is_object(), "{} {}", request.name, field.name);
        }
        let answered = answered.expect("an ack");
        for field in request.answers {
            assert!(answered.contains(&format!("\"{field}\"")), "{} answers {field}", request.name);
        }
    }
    for said in ANNOUNCED {
        let channel = if said.name.starts_with("admin:") { "admin" } else { "organization" };
        let (told, _) = messages_of(&document, said.name, "send", channel);
        for field in said.fields {
            assert!(!told["payload"]["properties"][field].is_null(), "{} {field}", said.name);
        }
    }
}

/// The message that an event's operation carries, and the text of its reply.
fn messages_of<'a>(document: &'a Value, name: &str, action: &str, channel: &str) -> (&'a Value, Option<String>) {
    let operation = &document["operations"][name.replace(':', "_")];
    assert_eq!(operation["action"], action, "{name}");
    assert_eq!(operation["channel"]["$ref"], format!("#/channels/{channel}"), "{name}");
    let message =
        |reference: &Value| document.pointer(reference["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap();
    let carried = message(&operation["messages"][0]);
    assert_eq!(carried["name"], name);
    let reply = operation["reply"].is_object().then(|| message(&operation["reply"]["messages"][0]).to_string());
    (carried, reply)
}
