//! REST: what the OpenAPI document forbids is refused, and the field is named.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::{
    harness::{
        Server, Tenant, act,
        calls::{Call, Carried, calls},
        dump::difference,
    },
    rest::{client::Client, schema},
};

/// What is tried on every field.
fn values() -> Vec<Value> {
    let long = "a".repeat(10_001);
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!(" \n\t"),
        json!("a\u{0}b"),
        json!("other"),
        json!("2050-02-31T00:00:00Z"),
        json!(long),
        json!([]),
        json!([1]),
        json!([[]]),
        json!([""]),
        json!(["a\u{0}b"]),
        json!([long]),
        json!({}),
        json!({ "a": 1 }),
    ]
}

/// Whether a text stands in it that no text may hold, or none that is only blank where something must stand.
fn is_unsound(value: &Value, least: Option<u64>) -> bool {
    match value {
        Value::String(text) => text.contains('\u{0}') || (least > Some(0) && text.trim().is_empty()),
        Value::Array(items) => items.iter().any(|item| is_unsound(item, Some(1))),
        _ => false,
    }
}

struct Office {
    server: Server,
    client: Client,
    calls: Vec<Call>,
}

impl Office {
    async fn open() -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        act::write(server.app(), &acme.chat, "Hello").await;
        let lease = act::next(server.app(), &acme.api).await.unwrap().lease.token;
        let client = Client::new(&server, &acme.token).await;
        let calls = calls(&acme, &lease);
        Self { server, client, calls }
    }

    /// The schema of what an operation takes.
    fn taken(&self, call: &Call) -> Value {
        let operation = &self.client.document()["paths"][call.path][call.method];
        let mut schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        // Where the body may be left out, it is one of "nothing" and the shape.
        if let Some(choices) = schema["oneOf"].as_array() {
            schema = choices.iter().find(|choice| choice["$ref"].is_string()).unwrap();
        }
        let reference = schema["$ref"].as_str().unwrap_or_else(|| panic!("{} {}: {schema}", call.method, call.path));
        self.client.document().pointer(reference.trim_start_matches('#')).unwrap().clone()
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut schema = schema.clone();
        schema["components"] = self.client.document()["components"].clone();
        schema::validator(&schema)
    }

    async fn assert_refused(&self, call: &Call, carried: Carried, field: Option<&str>) {
        let bad = Call { carried, ..call.clone() };
        let answer = self.client.make(&bad).await;
        let at = format!("{} {} {field:?} {:.200?}: {}", call.method, call.path, bad.carried, answer.value);
        assert!([(400, "invalid"), (413, "too_large")].contains(&(answer.status, answer.code())), "{at}");
        if field.is_some() {
            assert_eq!(answer.value["field"].as_str(), field, "{at}");
        }
    }

    fn with_fields(&self) -> impl Iterator<Item = (&Call, &Map<String, Value>)> {
        self.calls.iter().filter_map(|call| match &call.carried {
            Carried::Json(fields) => Some((call, fields.as_object().unwrap())),
            _ => None,
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_that_does_not_fit_is_refused_and_named() {
    let office = Office::open().await;
    let before = office.server.dump().await;
    let mut tried = 0;
    for (call, sound) in office.with_fields() {
        let taken = office.taken(call);
        for (name, schema) in taken["properties"].as_object().unwrap() {
            let validator = office.validator(schema);
            let least = schema["minLength"].as_u64();
            for value in values() {
                if validator.is_valid(&value) && !is_unsound(&value, least) {
                    continue;
                }
                let mut fields = sound.clone();
                fields.insert(name.clone(), value);
                office.assert_refused(call, Carried::Json(fields.into()), Some(name)).await;
                tried += 1;
            }
        }
        for name in taken["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut fields = sound.clone();
            fields.remove(name);
            office.assert_refused(call, Carried::Json(fields.into()), Some(name)).await;
        }
        let mut more = sound.clone();
        more.insert("colour".to_owned(), json!("red"));
        office.assert_refused(call, Carried::Json(more.into()), Some("colour")).await;
    }
    assert!(tried > 300, "{tried}");
    let changed = difference(&before, &office.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_object_is_refused() {
    let office = Office::open().await;
    let before = office.server.dump().await;
    let deep = "[".repeat(100_000);
    let bodies =
        ["[]", "{", "null", "7", "\"text\"", r#"{"body":"\ud800"}"#, r#"{"\udc00":1}"#, "{}{}", "\u{0}", &deep];
    for (call, _) in office.with_fields() {
        for body in bodies {
            let (address, sent) = (call.address(), Some(("application/json", body.to_owned())));
            let answer = office.client.send(call.method, call.path, &address, sent).await;
            assert_eq!((answer.status, answer.code()), (400, "invalid"), "{} {} {body:.20}", call.method, call.path);
        }
    }
    let changed = difference(&before, &office.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_parameter_that_does_not_fit_is_refused_and_named() {
    let office = Office::open().await;
    let before = office.server.dump().await;
    for call in &office.calls {
        let operation = &office.client.document()["paths"][call.path][call.method];
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let is_number = parameter["schema"].to_string().contains("integer");
            let numbers: &[&str] = &["-1", "1.5", "99999999999999999999", "%201"];
            let all = ["other", "%00", "%ED%A0%80", "%F0%9F%98%80"].iter().chain(if is_number { numbers } else { &[] });
            for value in all {
                let bad = match parameter["in"].as_str().unwrap() {
                    "path" => Call { id: (*value).to_owned(), ..call.clone() },
                    _ => Call { query: format!("?{name}={value}"), ..call.clone() },
                };
                let answer = office.client.make(&bad).await;
                let at = format!("{} {}: {}", call.method, bad.address(), answer.value);
                assert_eq!((answer.status, answer.code()), (400, "invalid"), "{at}");
                assert!(answer.value["field"] == name || *value == "%ED%A0%80", "{at}");
            }
        }
        for query in ["?colour=red", "?limit=1&limit=2", "?=", "?%00=1"] {
            let bad = Call { query: query.to_owned(), ..call.clone() };
            let answer = office.client.make(&bad).await;
            assert_eq!((answer.status, answer.code()), (400, "invalid"), "{} {}", call.method, bad.address());
        }
    }
    for (field, query) in [("limit", "?limit=0"), ("limit", "?limit=201")] {
        for path in ["/projects", "/conversations", "/queue"] {
            let (status, problem) = office.client.ask("get", path, "", query, None).await;
            assert_eq!((status, problem["field"].as_str()), (400, Some(field)), "{path}{query}");
        }
    }
    let changed = difference(&before, &office.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_table_of_candidates_is_refused_or_row_by_row() {
    let office = Office::open().await;
    let before = office.server.dump().await;
    let import = office.calls.iter().find(|call| matches!(call.carried, Carried::Csv(_))).unwrap();
    for file in ["", "\u{0}", "colour\nred\n", "\u{feff}", "\"", "name\n", "\n\n\n"] {
        let answer = office.client.make(&Call { carried: Carried::Csv(file.to_owned()), ..import.clone() }).await;
        let accepted = &answer.value["accepted"];
        assert!(answer.status == 400 || accepted == 0, "{file:?}: {}", answer.value);
    }
    let long = "a".repeat(10_001);
    let rows = [
        ",nobody@example.org",
        "a\u{0}b,",
        "Eve,no-address",
        "Eve,eve@example.org\u{0}",
        &format!("{long},"),
        &format!("Eve,{long}@x.y"),
    ];
    for row in rows {
        let file = format!("name,email\n{row}\n");
        let answer = office.client.make(&Call { carried: Carried::Csv(file), ..import.clone() }).await;
        assert_eq!((answer.status, &answer.value["accepted"]), (200, &json!(0)), "{row:.40}: {:.500}", answer.value);
        let error = &answer.value["rows"][0]["error"];
        assert!(error["code"] == "invalid" || error["code"] == "too_large", "{row:.40}: {error}");
    }
    let changed = difference(&before, &office.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
