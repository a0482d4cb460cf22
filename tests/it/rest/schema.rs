//! Schemas that others keep, and those of our own document, held stricter than they say: nothing may stand in an object
//! that they do not name, so that a field which is added and not described is noticed.

use std::{collections::HashMap, path::PathBuf, sync::Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

/// Every fault of a value, with its place.
pub fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error:.300}", error.instance_path())).collect()
}

/// A schema of `tests/schemas`, which npm brings.
pub fn published(path: &str) -> Validator {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/node_modules").join(path);
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `make test-packages`", file.display()));
    validator(&serde_json::from_str(&text).unwrap())
}

/// A validator that looks at formats too.
pub fn validator(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// The answers that an OpenAPI document describes.
pub struct Answers {
    document: Value,
    validators: Mutex<HashMap<String, Validator>>,
}

impl Answers {
    pub fn of(document: &Value) -> Self {
        let mut document = document.clone();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            close(schema);
        }
        Self { document, validators: Mutex::default() }
    }

    /// What is wrong with an answer.
    pub fn faults(&self, method: &str, path: &str, status: u16, kind: Option<&str>, value: &Value) -> Vec<String> {
        let mut place = format!("/paths/{}/{method}/responses/{status}", escaped(path));
        let Some(mut response) = self.document.pointer(&place) else {
            return vec![format!("{status} is not described")];
        };
        if let Some(reference) = response["$ref"].as_str() {
            place = reference.trim_start_matches('#').to_owned();
            response = self.document.pointer(&place).unwrap();
        }
        let described: Vec<_> = response["content"].as_object().into_iter().flat_map(serde_json::Map::keys).collect();
        let Some(kind) = kind else {
            return if described.is_empty() && value.is_null() { vec![] } else { vec!["no content".to_owned()] };
        };
        if described != [kind] {
            return vec![format!("{kind} is not {described:?}")];
        }
        let place = format!("{place}/content/{}/schema", escaped(kind));
        let mut validators = self.validators.lock().unwrap();
        faults(validators.entry(place).or_insert_with_key(|place| self.at(place)), value)
    }

    fn at(&self, place: &str) -> Validator {
        let mut schema = self.document.pointer(place).unwrap().clone();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["components"] = self.document["components"].clone();
        validator(&schema)
    }
}

fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// Lets nothing stand in an object that has no name in its schema.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object) && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn a_schema_finds_what_is_missing_wrong_or_more() {
    let document = json!({
        "paths": { "/x": { "get": { "responses": { "200": { "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/X" } } } } } } } },
        "components": { "schemas": { "X": {
            "type": "object",
            "properties": { "id": { "type": "string", "format": "uuid" } },
            "required": ["id"],
        } } },
    });
    let answers = Answers::of(&document);
    let faults = |value: Value| answers.faults("get", "/x", 200, Some("application/json"), &value).len();
    assert_eq!(faults(json!({ "id": "01890a5d-ac96-774b-bcce-b302099a8057" })), 0);
    for bad in [json!({}), json!({ "id": "x" }), json!({ "id": null }), json!([])] {
        assert_eq!(faults(bad.clone()), 1, "{bad}");
    }
    assert_eq!(faults(json!({ "id": "01890a5d-ac96-774b-bcce-b302099a8057", "more": 1 })), 1);
    assert_eq!(answers.faults("get", "/x", 201, None, &Value::Null), ["201 is not described"]);
    assert_eq!(answers.faults("get", "/x", 200, Some("text/plain"), &json!("x")).len(), 1);
}
