//! Holds a JSON value to a schema of the OpenAPI document: as much of JSON Schema as the document uses, and stricter in
//! that nothing may stand in an object that the schema does not name.

use serde_json::Value;

/// What does not fit, with its place.
pub fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        return target
            .map_or_else(|| vec![format!("{at}: no {reference}")], |schema| faults(document, schema, value, at));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().any(|choice| faults(document, choice, value, at).is_empty());
        return if fits { Vec::new() } else { vec![format!("{at}: fits none of oneOf")] };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return vec![format!("{at}: the schema names no type")],
    };
    if !kinds.iter().any(|kind| is_of(value, kind)) {
        return vec![format!("{at}: {value} is not {kinds:?}")];
    }
    match value {
        Value::Object(_) => object(document, schema, value, at),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| faults(document, &schema["items"], item, &format!("{at}[{index}]")))
            .collect(),
        Value::String(text) => string(schema, text, at),
        _ => Vec::new(),
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn object(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            found.push(format!("{at}.{name} is missing"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => found.extend(faults(document, schema, inner, &format!("{at}.{name}"))),
            None => found.push(format!("{at}.{name} is not described")),
        }
    }
    found
}

fn string(schema: &Value, text: &str, at: &str) -> Vec<String> {
    let fits = match schema["format"].as_str() {
        Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
        Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    };
    let words = schema["enum"].as_array();
    if fits && words.is_none_or(|words| words.iter().any(|word| word == text)) {
        Vec::new()
    } else {
        vec![format!("{at}: {text:?} does not fit")]
    }
}
