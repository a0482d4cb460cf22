//! The description of the socket's events as `AsyncAPI` 3.0, made from the lists that the server itself goes by.

use serde_json::{Map, Value, json};
use url::Url;

use super::{
    admin::NAMESPACE,
    events::{ANNOUNCED, Announced},
    payload::{Field, Kind},
    request::{REQUESTS, Request, Who},
};

/// The document.
#[must_use]
pub fn document(public_url: &Url) -> Value {
    let mut operations = Map::new();
    let mut channels = json!({
        "organization": {
            "address": "/org/{slug}",
            "description": "The Socket.IO namespace of one organization.",
            "parameters": { "slug": { "description": "The organization's slug." } },
            "messages": {},
        },
        "admin": {
            "address": NAMESPACE,
            "description": "The Socket.IO namespace of the operators.",
            "messages": {},
        },
    });
    for request in REQUESTS {
        describe_request(request, &mut channels, &mut operations);
    }
    for announced in ANNOUNCED {
        describe_announced(announced, &mut channels, &mut operations);
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Hearback, live",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Socket.IO protocol 5 (Engine.IO 4), over WebSocket or long polling. Every request carries \
                one JSON object and is acknowledged with one.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "hearback": {
                "host": public_url.authority(),
                "pathname": "/socket.io/",
                "protocol": if public_url.scheme() == "https" { "wss" } else { "ws" },
            },
        },
        "channels": channels,
        "operations": operations,
        "components": { "schemas": { "Error": error_schema() } },
    })
}

fn describe_request(request: &Request, channels: &mut Value, operations: &mut Map<String, Value>) {
    let channel = if request.who == Who::Operators { "admin" } else { "organization" };
    let (asked, answered) = (key(request.name), format!("{}_ack", key(request.name)));
    channels[channel]["messages"][&asked] = message(request.name, &payload_of(request));
    channels[channel]["messages"][&answered] = message(request.name, &ack_of(request));
    let operation = json!({
        "action": "receive",
        "summary": summary(request),
        "channel": reference(channel, None),
        "messages": [reference(channel, Some(&asked))],
        "reply": { "channel": reference(channel, None), "messages": [reference(channel, Some(&answered))] },
    });
    operations.insert(asked, operation);
}

fn describe_announced(announced: &Announced, channels: &mut Value, operations: &mut Map<String, Value>) {
    let channel = if announced.name.starts_with("admin:") { "admin" } else { "organization" };
    let said = key(announced.name);
    channels[channel]["messages"][&said] = message(announced.name, &payload_said(announced));
    let operation = json!({
        "action": "send",
        "summary": announced.to,
        "channel": reference(channel, None),
        "messages": [reference(channel, Some(&said))],
    });
    operations.insert(said, operation);
}

fn key(event: &str) -> String {
    event.replace(':', "_")
}

fn reference(channel: &str, message: Option<&str>) -> Value {
    let path = message.map_or_else(String::new, |message| format!("/messages/{message}"));
    json!({ "$ref": format!("#/channels/{channel}{path}") })
}

fn message(event: &str, payload: &Value) -> Value {
    json!({ "name": event, "payload": payload })
}

fn summary(request: &Request) -> &'static str {
    match (request.who, request.writes) {
        (Who::Everybody, true) => "Candidates, recruiters and owners.",
        (Who::Everybody, false) => "Candidates and all members.",
        (Who::Members, true) => "Recruiters and owners.",
        (Who::Members, false) => "All members.",
        (Who::Operators, _) => "Operators.",
    }
}

fn payload_of(request: &Request) -> Value {
    let properties: Map<String, Value> =
        request.fields.iter().map(|field| (field.name.to_owned(), schema(field))).collect();
    let required: Vec<_> = request.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn ack_of(request: &Request) -> Value {
    let mut properties: Map<String, Value> =
        request.answers.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    properties.insert("ok".to_owned(), json!({ "const": true }));
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({ "oneOf": [
        { "type": "object", "properties": properties, "required": required },
        { "type": "object", "properties": { "ok": { "const": false }, "error": { "$ref": "#/components/schemas/Error" } },
          "required": ["ok", "error"] },
    ] })
}

fn payload_said(announced: &Announced) -> Value {
    let properties: Map<String, Value> = announced.fields.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    json!({ "type": "object", "properties": properties, "required": announced.fields })
}

fn schema(field: &Field) -> Value {
    let mut schema = match field.kind {
        Kind::Id => json!({ "type": "string", "format": "uuid" }),
        Kind::Body => json!({ "type": "string", "minLength": 1, "maxLength": 10_000 }),
        Kind::Text => json!({ "type": "string", "maxLength": 200 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Position => json!({ "type": "integer", "minimum": 0 }),
        Kind::Limit => json!({ "type": "integer", "minimum": 1, "maximum": 200 }),
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Ids => json!({ "type": "array", "items": { "type": "string", "format": "uuid" } }),
    };
    if !field.required {
        schema = json!({ "oneOf": [schema, { "type": "null" }] });
    }
    schema
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "string" },
            "message": { "type": "string" },
            "field": { "type": "string" },
            "retry_after_ms": { "type": "integer" },
        },
        "required": ["code", "message"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references<'a>(json: &'a Value, found: &mut Vec<&'a str>) {
        match json {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document(&Url::parse("https://hear.example").expect("a URL"));
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > REQUESTS.len() * 4, "{} references", found.len());
        for reference in found {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_request_and_announcement_is_described() {
        let document = document(&Url::parse("https://hear.example").expect("a URL"));
        let names = REQUESTS.iter().map(|request| request.name).chain(ANNOUNCED.iter().map(|said| said.name));
        for name in names {
            assert!(document["operations"][key(name)].is_object(), "{name}");
        }
    }
}
