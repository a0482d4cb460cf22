//! How a request's JSON object becomes a typed payload: each field is parsed into a domain word where it comes in, every
//! fault names its field, and the same declaration says what the fields are, for the AsyncAPI document and for tests.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::{
    conversation::{ConversationStatus, Label},
    ids::{ClientId, ConversationId, ProjectId, UserId},
    page::Limit,
    problem::Problem,
    queue::Priority,
    text::Body,
    time::Timestamp,
};

/// A request's payload as it came in.
pub type Object = Map<String, Value>;

/// What JSON a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A UUID.
    Id,
    /// Free text of 1 to 10,000 characters.
    Body,
    /// A short string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number from 0.
    Position,
    /// A whole number from 1 to 200.
    Limit,
    /// A moment by RFC 3339.
    Time,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of short strings.
    Texts,
    /// A list of UUIDs.
    Ids,
}

/// One field of a request.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// A payload that can be parsed and described.
pub trait Payload: Sized {
    /// Its fields.
    const FIELDS: &'static [Field];

    /// Parses the object.
    ///
    /// # Errors
    /// `invalid` or `too_large` for the first field that does not fit, `invalid` for one that is unknown.
    fn parse(object: Object) -> Result<Self, Problem>;
}

/// A type that one field can be parsed into.
pub trait FromField: Sized {
    /// The JSON it takes.
    const KIND: Kind;
    /// Whether the field must be there.
    const REQUIRED: bool = true;

    /// Parses the field's value.
    ///
    /// # Errors
    /// `invalid` or `too_large`, naming the field.
    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem>;

    /// What stands for a field that is not there.
    ///
    /// # Errors
    /// `invalid` when it must be.
    fn absent(name: &'static str) -> Result<Self, Problem> {
        Err(Problem::invalid(name, "This field is missing."))
    }
}

/// A field that can be left as it is, taken away with `null`, or set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit<T> {
    /// The field was not there.
    Keep,
    /// It was `null`.
    Clear,
    /// It had a value.
    Set(T),
}

impl<T> Edit<T> {
    /// `None` to keep, `Some(None)` to clear.
    pub fn into_option(self) -> Option<Option<T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}

/// Takes one field out of the object.
///
/// # Errors
/// As [`FromField`].
pub fn take<T: FromField>(object: &mut Object, name: &'static str) -> Result<T, Problem> {
    match object.remove(name) {
        Some(value) => T::from_value(name, value),
        None => T::absent(name),
    }
}

/// Refuses what is left of the object.
///
/// # Errors
/// `invalid` when there is something.
pub fn finish(object: Object) -> Result<(), Problem> {
    match object.into_iter().next() {
        None => Ok(()),
        // A name that was sent to us is only repeated where it is harmless and short.
        Some((name, _)) if name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
            Err(Problem::invalid(name, "This request has no such field."))
        }
        Some(_) => {
            Err(Problem::new(crate::domain::problem::Code::Invalid, "This request has a field it does not know."))
        }
    }
}

/// Declares payloads: a struct whose fields are parsed by [`FromField`].
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $crate::realtime::payload::Payload for $name {
            const FIELDS: &'static [$crate::realtime::payload::Field] = &[
                $($crate::realtime::payload::Field {
                    name: stringify!($field),
                    kind: <$type as $crate::realtime::payload::FromField>::KIND,
                    required: <$type as $crate::realtime::payload::FromField>::REQUIRED,
                },)*
            ];

            fn parse(
                #[allow(unused_mut, reason = "a payload may have no fields")]
                mut object: $crate::realtime::payload::Object,
            ) -> Result<Self, $crate::domain::problem::Problem> {
                let payload = Self {
                    $($field: $crate::realtime::payload::take(&mut object, stringify!($field))?,)*
                };
                $crate::realtime::payload::finish(object)?;
                Ok(payload)
            }
        }
    )*};
}
pub(crate) use payloads;

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

impl FromField for String {
    const KIND: Kind = Kind::Text;

    fn from_value(name: &'static str, value: Value) -> Result<Self, Problem> {
        let text = text(name, value)?;
        if text.len() > 200 {
            return Err(Problem::too_large(name, "This is longer than 200 characters."));
        }
        Ok(text)
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
