//! What a request is answered with: `{"ok":true, …}` or `{"ok":false,"error":{…}}`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};

use super::live::Live;
use crate::{
    clock::random_bytes,
    domain::problem::{Code, Problem},
};

/// What an ack adds to `"ok": true`. Each value is written once, as it comes, and only copied from then on.
#[derive(Debug, Default)]
pub struct Answer(Vec<(&'static str, Box<RawValue>)>);

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
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Result<Self, Problem> {
        self.0.push((name, to_raw_value(&value).map_err(Problem::internal)?));
        Ok(self)
    }

    /// The ack's JSON.
    #[must_use]
    pub fn into_json(self) -> Box<RawValue> {
        raw(&self)
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len() + 1))?;
        map.serialize_entry("ok", &true)?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn raw(json: &impl Serialize) -> Box<RawValue> {
    to_raw_value(json).expect("names are texts and values are JSON already")
}

/// Something that people wrote, with its rendering where the socket asked for that.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Shown<'a, T: Serialize> {
    /// As it is.
    Alone(&'a T),
    /// With a field more.
    Drawn {
        /// What was written.
        #[serde(flatten)]
        written: &'a T,
        /// Its rendering.
        html: String,
    },
}

impl<'a, T: Serialize> Shown<'a, T> {
    /// As that socket wants it.
    ///
    /// # Errors
    /// `internal` when it cannot be rendered.
    pub fn to(live: &Live, written: &'a T, html: impl Fn(&T) -> Result<String, Problem>) -> Result<Self, Problem> {
        Ok(if live.html { Self::Drawn { written, html: html(written)? } } else { Self::Alone(written) })
    }

    /// Several of them.
    ///
    /// # Errors
    /// As [`Shown::to`].
    pub fn all(live: &Live, all: &'a [T], html: impl Fn(&T) -> Result<String, Problem>) -> Result<Vec<Self>, Problem> {
        all.iter().map(|written| Self::to(live, written, &html)).collect()
    }
}

/// The ack's JSON of a refusal. The cause of an internal one is logged here, once, under the reference that is answered.
#[must_use]
pub fn refusal(problem: &Problem, event: &str) -> Box<RawValue> {
    let mut message = problem.message.to_string();
    if problem.code == Code::Internal {
        let reference = URL_SAFE_NO_PAD.encode(random_bytes::<9>());
        let cause = problem.cause();
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
    raw(&json!({ "ok": false, "error": error }))
}
