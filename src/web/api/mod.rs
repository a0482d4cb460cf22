//! REST, `/api/v1`: JSON for programs with an API token.
//!
//! A handler and its description are one: the router, the list of addresses and the OpenAPI document are all made from
//! what [`described`] collects.

mod announcements;
mod candidates;
mod conversations;
mod cursor;
mod fields;
mod messages;
mod once;
mod patterns;
mod projects;
mod queue;
mod request;
pub mod shapes;

use std::sync::OnceLock;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::Method,
};
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    WebState,
    routes::{Route, Routes, Who},
};

/// The most bytes of a file of candidates.
const IMPORT_LIMIT: usize = 20 << 20;
/// The statuses of refusals that any operation may answer with.
const REFUSALS: [&str; 12] = ["400", "401", "403", "404", "405", "409", "413", "415", "429", "500", "503", "default"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hearback",
        description = "Messaging between recruiters and candidates. Each API token belongs to one organization."
    ),
    components(schemas(shapes::Problem))
)]
struct Description;

fn described() -> OpenApiRouter<WebState> {
    let import = OpenApiRouter::new().routes(routes!(candidates::import)).layer(DefaultBodyLimit::max(IMPORT_LIMIT));
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::find, projects::change))
        .routes(routes!(projects::add_candidate))
        .merge(import)
        .routes(routes!(candidates::export))
        .routes(routes!(candidates::erase))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::find, conversations::change))
        .routes(routes!(conversations::issue_link, conversations::revoke_link))
        .routes(routes!(messages::history, messages::post))
        .routes(routes!(queue::overview))
        .routes(routes!(queue::next))
        .routes(routes!(queue::claim))
        .routes(routes!(queue::renew))
        .routes(routes!(queue::release))
        .routes(routes!(queue::resolve))
        .routes(routes!(announcements::history, announcements::post))
}

/// The OpenAPI document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let (_, openapi) = described().split_for_parts();
        let mut document = serde_json::to_value(openapi).expect("a description is JSON");
        complete(&mut document);
        document
    })
}

/// What holds for every operation: the token, and how it refuses.
fn complete(document: &mut Value) {
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    let wait = json!({ "description": "Seconds until a next try can succeed.", "schema": { "type": "integer" } });
    let scheme = json!({ "description": "What to send instead.", "schema": { "type": "string" } });
    document["components"]["responses"] = json!({ "Problem": {
        "description": "A refusal or a fault",
        "headers": { "Retry-After": wait, "WWW-Authenticate": scheme },
        "content": { "application/problem+json": { "schema": problem } },
    } });
    document["components"]["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
    document["security"] = json!([{ "token": [] }]);
    document["components"]["schemas"]["ConversationChange"]["properties"]["labels"]["items"] =
        json!({ "type": "string", "format": "line", "minLength": 1, "maxLength": 40 });
    for operation in operations_of(document) {
        for status in REFUSALS {
            operation["responses"][status] = json!({ "$ref": "#/components/responses/Problem" });
        }
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            without_null(&mut parameter["schema"]);
        }
        let contents = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
        for (_, content) in contents.into_iter().flatten() {
            without_null(&mut content["schema"]);
        }
    }
    // What is left out stays as it is, and all of it may be.
    for path in document["paths"].as_object_mut().into_iter().flatten() {
        if let Some(body) = path.1.pointer_mut("/patch/requestBody") {
            body["required"] = json!(false);
        }
    }
    patterns::fill(document);
}

/// What may be left out is not `null`: a query cannot say it, and a body is an object.
fn without_null(schema: &mut Value) {
    let is_other = |option: &Value| *option != json!("null") && *option != json!({ "type": "null" });
    for name in ["type", "oneOf"] {
        let Some(options) = schema[name].as_array() else { continue };
        let [other] = options.iter().filter(|option| is_other(option)).collect::<Vec<_>>()[..] else { continue };
        let other = other.clone();
        if name == "oneOf" {
            *schema = other;
        } else {
            schema[name] = other;
        }
    }
}

fn operations_of(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten()).map(|(_, operation)| operation)
}

/// The addresses.
#[must_use]
pub fn routes() -> Routes {
    let (router, openapi) = described().split_for_parts();
    let mut list = Vec::new();
    for (path, item) in &openapi.paths.paths {
        let methods = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        for (method, _) in methods.into_iter().filter(|(_, operation)| operation.is_some()) {
            list.push(Route { method, path: path.clone(), who: Who::Api });
        }
    }
    Routes::new().adopt(router, list).get(Who::Everyone, "/api/v1/openapi.json", openapi_json).get(
        Who::Everyone,
        "/api/v1/asyncapi.json",
        asyncapi_json,
    )
}

async fn openapi_json(State(state): State<WebState>) -> Json<Value> {
    let mut document = document().clone();
    let url = state.app.settings.public_url.as_str().trim_end_matches('/');
    document["servers"] = json!([{ "url": url }]);
    Json(document)
}

async fn asyncapi_json(State(state): State<WebState>) -> Json<Value> {
    Json((*state.asyncapi).clone())
}
