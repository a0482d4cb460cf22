//! The types that a request's field can be parsed into.

use serde_json::Value;

use super::payload::{Edit, FromField, Kind};
use crate::domain::{
    conversation::{ConversationStatus, Label},
    ids::{ClientId, ConversationId, ProjectId, UserId},
    page::Limit,
    problem::Problem,
    queue::{LeaseToken, Priority},
    text::Body,
    time::Timestamp,
};

fn text(name: &'static str, value: Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Problem::invalid(name, "This must be a string.")),
    }
}

macro_rules! id_fields {
    ($($id:ty)*) => {$(
        impl FromField for $id {
            const KIND: Kind = Kind::Id;

            fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
                text(name, value)?.parse().map_err(|_| Problem::invalid(name, "This must be a UUID."))
            }
        }
    )*};
}

id_fields!(ClientId ConversationId ProjectId UserId uuid::Uuid);

impl FromField for Body {
    const KIND: Kind = Kind::Body;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        Self::parse(name, &text(name, value)?)
    }
}

impl FromField for LeaseToken {
    const KIND: Kind = Kind::Text;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        Self::parse(name, text(name, value)?)
    }
}

impl FromField for bool {
    const KIND: Kind = Kind::Flag;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        value.as_bool().ok_or_else(|| Problem::invalid(name, "This must be true or false."))
    }
}

/// A `seq`, or 0 for the place before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position(pub i64);

impl FromField for Position {
    const KIND: Kind = Kind::Position;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        match value.as_i64() {
            Some(position @ 0..) => Ok(Self(position)),
            _ => Err(Problem::invalid(name, "This must be a whole number from 0.")),
        }
    }
}

impl FromField for Limit {
    const KIND: Kind = Kind::Limit;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        let raw = value.as_i64().ok_or_else(|| Problem::invalid(name, "This must be a whole number from 1 to 200."))?;
        Self::parse(raw)
    }
}

impl FromField for Timestamp {
    const KIND: Kind = Kind::Time;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        serde_json::from_value(value)
            .map_err(|_| Problem::invalid(name, "This must be a moment such as 2026-01-31T09:05:07.120Z."))
    }
}

impl FromField for Priority {
    const KIND: Kind = Kind::Word(&["urgent", "normal", "low"]);

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        serde_json::from_value(value).map_err(|_| Problem::invalid(name, "A priority is urgent, normal or low."))
    }
}

impl FromField for ConversationStatus {
    const KIND: Kind = Kind::Word(&["open", "snoozed", "closed"]);

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        serde_json::from_value(value).map_err(|_| Problem::invalid(name, "A status is open, snoozed or closed."))
    }
}

impl FromField for Vec<Label> {
    const KIND: Kind = Kind::Texts;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        let raw: Vec<String> =
            serde_json::from_value(value).map_err(|_| Problem::invalid(name, "This must be a list of strings."))?;
        Label::parse_all(raw.iter().map(String::as_str))
    }
}

impl FromField for Vec<uuid::Uuid> {
    const KIND: Kind = Kind::Ids;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        serde_json::from_value(value).map_err(|_| Problem::invalid(name, "This must be a list of UUIDs."))
    }
}

impl<T: FromField> FromField for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        if value.is_null() { Ok(None) } else { T::from_value(name, value).map(Some) }
    }

    fn absent(_: &'static str) -> Result<Self, Problem> {
        Ok(None)
    }
}

impl<T: FromField> FromField for Edit<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        if value.is_null() { Ok(Self::Clear) } else { T::from_value(name, value).map(Self::Set) }
    }

    fn absent(_: &'static str) -> Result<Self, Problem> {
        Ok(Self::Keep)
    }
}
