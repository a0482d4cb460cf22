//! The fields of a request: taken one by one, parsed into domain words, and nothing left over. A field's fault names it.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::{once::Once, patterns::MAX_INTEGER};
use crate::domain::{
    page::{Limit, Stretch},
    problem::{Code, Problem},
    text::Body,
    time::Timestamp,
};

/// What came in: a body's JSON object, or a query string.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    /// In a query string everything is text, numbers and flags too.
    is_query: bool,
}

impl Fields {
    /// Those of a body; an empty body is an empty object.
    ///
    /// # Errors
    /// `invalid` when it is no JSON object, or one in which a name comes twice.
    pub fn of_body(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.is_empty() {
            return Ok(Self { map: Map::new(), is_query: false });
        }
        match serde_json::from_slice(bytes) {
            Ok(Once(Value::Object(map))) => Ok(Self { map, is_query: false }),
            Ok(_) => Err(Problem::new(Code::Invalid, "The body must be one JSON object.")),
            // The only fault that is not one of JSON's own.
            Err(error) if error.is_data() => Err(Problem::new(Code::Invalid, "A field of the body comes twice.")),
            Err(_) => Err(Problem::new(Code::Invalid, "The body is not readable JSON.")),
        }
    }

    /// Those of a query string.
    ///
    /// # Errors
    /// `invalid` when a name comes twice.
    pub fn of_query(query: &str) -> Result<Self, Problem> {
        let mut map = Map::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if map.insert(name.into_owned(), Value::String(value.into_owned())).is_some() {
                return Err(Problem::new(Code::Invalid, "A parameter of the query comes twice."));
            }
        }
        Ok(Self { map, is_query: true })
    }

    /// Refuses what is left.
    ///
    /// # Errors
    /// `invalid` when there is something.
    pub fn finish(self) -> Result<(), Problem> {
        match self.map.into_iter().next() {
            None => Ok(()),
            // A name that was sent to us is only repeated where it is harmless and short.
            Some((name, _)) if name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                Err(Problem::invalid(name, "This request has no such field."))
            }
            Some(_) => Err(Problem::new(Code::Invalid, "This request has a field it does not know.")),
        }
    }

    /// The field's value; `null` is as good as absent.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// A field that can be set, or taken away by `null`: `None` where it is absent.
    pub fn edit(&mut self, name: &str) -> Option<Option<Value>> {
        self.map.remove(name).map(|value| if value.is_null() { None } else { Some(value) })
    }

    /// A string.
    ///
    /// # Errors
    /// `invalid` for anything else.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        self.take(name).map(|value| string(name, value)).transpose()
    }

    /// A message's or announcement's text.
    ///
    /// # Errors
    /// `invalid` where it is missing or unsound, `too_large`.
    pub fn body(&mut self) -> Result<Body, Problem> {
        Body::parse("body", &self.text("body")?.ok_or_else(|| missing("body"))?)
    }

    /// An id, or something else that is read from a string.
    ///
    /// # Errors
    /// `invalid` for anything else.
    pub fn id<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, Problem> {
        self.take(name).map(|value| id(name, value)).transpose()
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// `invalid` for anything else.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Problem> {
        let is_query = self.is_query;
        let parse = |value: Value| match value {
            Value::Bool(flag) => Ok(flag),
            Value::String(text) if is_query && text == "true" => Ok(true),
            Value::String(text) if is_query && text == "false" => Ok(false),
            _ => Err(Problem::invalid(name, "This must be true or false.")),
        };
        self.take(name).map(parse).transpose()
    }

    fn number(&mut self, name: &'static str) -> Result<Option<i64>, Problem> {
        let is_query = self.is_query;
        let parse = |value: Value| {
            let number = match &value {
                Value::String(text) if is_query => text.parse().ok(),
                value => value.as_i64().or_else(|| whole(value)),
            };
            number.ok_or_else(|| Problem::invalid(name, "This must be a whole number."))
        };
        self.take(name).map(parse).transpose()
    }

    /// A `seq`, or 0 for the place before the first.
    ///
    /// # Errors
    /// `invalid` for anything else.
    pub fn position(&mut self, name: &'static str) -> Result<Option<i64>, Problem> {
        match self.number(name)? {
            Some(position) if !(0..=MAX_INTEGER).contains(&position) => {
                Err(Problem::invalid(name, "This must be a whole number from 0 to 9007199254740991."))
            }
            position => Ok(position),
        }
    }

    /// `limit`.
    ///
    /// # Errors
    /// `invalid` outside 1 to 200.
    pub fn limit(&mut self) -> Result<Limit, Problem> {
        self.number("limit")?.map_or(Ok(Limit::DEFAULT), Limit::parse)
    }

    /// `after_seq`, `before_seq` or the `cursor` of an earlier answer.
    ///
    /// # Errors
    /// `invalid` for more than one of them.
    pub fn stretch(&mut self) -> Result<Stretch, Problem> {
        let (after, before) = (self.position("after_seq")?, self.position("before_seq")?);
        match (self.text("cursor")?, after, before) {
            (Some(cursor), None, None) => super::cursor::stretch(&cursor),
            (None, None, Some(before)) => Ok(Stretch::Before(before)),
            (None, after, None) => Ok(Stretch::After(after.unwrap_or(0))),
            _ => Err(Problem::new(Code::Invalid, "Ask for one of after_seq, before_seq and cursor.")),
        }
    }

    /// A word of a few, such as a status.
    ///
    /// # Errors
    /// `invalid` for another word.
    pub fn word<T: serde::de::DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Problem> {
        let parse =
            |value| serde_json::from_value(value).map_err(|_| Problem::invalid(name, "This is not one of its words."));
        self.take(name).map(parse).transpose()
    }

    /// A moment.
    ///
    /// # Errors
    /// `invalid` for anything but RFC 3339.
    pub fn moment(&mut self, name: &'static str) -> Result<Option<Timestamp>, Problem> {
        let parse = |value| {
            serde_json::from_value(value)
                .map_err(|_| Problem::invalid(name, "This must be a moment such as 2026-01-31T09:05:07.120Z."))
        };
        self.take(name).map(parse).transpose()
    }

    /// A list of strings.
    ///
    /// # Errors
    /// `invalid` for anything else.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, Problem> {
        let parse = |value| {
            serde_json::from_value(value).map_err(|_| Problem::invalid(name, "This must be a list of strings."))
        };
        self.take(name).map(parse).transpose()
    }
}

/// A whole number that is written with a decimal point or an exponent, such as `1.0`: to JSON the same as `1`.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "both ends are whole in both types")]
fn whole(value: &Value) -> Option<i64> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= MAX_INTEGER as f64)?;
    Some(number as i64)
}

/// A string that must be one.
///
/// # Errors
/// `invalid` for anything else.
pub fn string(name: &'static str, value: Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Problem::invalid(name, "This must be a string.")),
    }
}

/// An id that must be one.
///
/// # Errors
/// `invalid` for anything else.
pub fn id<T: FromStr>(name: &'static str, value: Value) -> Result<T, Problem> {
    string(name, value)?.parse().map_err(|_| Problem::invalid(name, "This must be a UUID."))
}

/// What must be there is not.
#[must_use]
pub fn missing(name: &'static str) -> Problem {
    Problem::invalid(name, "This field is missing.")
}
