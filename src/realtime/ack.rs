//! What a request is answered with: `{"ok":true, …}` or `{"ok":false,"error":{…}}`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    clock::random_bytes,
    domain::problem::{Code, Problem},
};

/// What an ack adds to `"ok": true`.
#[derive(Debug, Default)]
pub struct Answer(Map<String, Value>);

/// What a handler ends with.
pub type Outcome = Result<Answer, Problem>;

impl Answer {
    /// An answer that says no more than that it is done.
    #[must_use]
    pub fn done() -> Self {
        Self::default()
    }

    /// Adds a field.
    ///
    /// # Errors
    /// `internal` when the value cannot be JSON.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Result<Self, Problem> {
        self.0.insert(name.to_owned(), serde_json::to_value(value).map_err(Problem::internal)?);
        Ok(self)
    }

    /// The ack's JSON.
    #[must_use]
    pub fn into_json(mut self) -> Value {
        self.0.insert("ok".to_owned(), Value::Bool(true));
        Value::Object(self.0)
    }
}

/// The ack's JSON of a refusal. The cause of an internal one is logged here, once, under the reference that is answered.
#[must_use]
pub fn refusal(problem: &Problem, event: &str) -> Value {
    let mut message = problem.message.to_string();
    if problem.code == Code::Internal {
        let reference = URL_SAFE_NO_PAD.encode(random_bytes::<9>());
        let cause = problem.source.as_deref().map(causes).unwrap_or_default();
        tracing::error!(reference, event, cause, "a socket request failed");
        message = format!("{message} (reference {reference})");
    }
    let mut error = json!({ "code": problem.code, "message": message });
    if let Some(field) = &problem.field {
        error["field"] = json!(field);
    }
    if let Some(wait) = problem.retry_after {
        error["retry_after_ms"] = json!(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1));
    }
    json!({ "ok": false, "error": error })
}

fn causes(source: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut text = source.to_string();
    let mut next = source.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
