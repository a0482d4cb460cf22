//! How a request's JSON object becomes a typed payload: each field is parsed into a domain word where it comes in, every
//! fault names its field, and the same declaration says what the fields are, for the `AsyncAPI` document and for tests.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::problem::Problem;

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::realtime::events::{PostMessage, UpdateConversation};
    use crate::realtime::fields::Position;

    fn parse<P: Payload>(json: Value) -> Result<P, Problem> {
        let Value::Object(object) = json else { panic!("an object") };
        P::parse(object)
    }

    fn post(field: &str, value: Value) -> Result<PostMessage, Problem> {
        let mut json = json!({
            "conversation": "01890a5d-ac96-774b-bcce-b302099a8057",
            "client_id": "01890a5d-ac96-774b-bcce-b302099a8058",
            "body": "Good morning",
        });
        json[field] = value;
        parse(json)
    }

    #[test]
    fn a_sound_payload_is_parsed_into_words() {
        let payload = post("seen_seq", json!(7)).expect("sound");
        assert_eq!(&*payload.body, "Good morning");
        assert_eq!(payload.seen_seq, Some(Position(7)));
    }

    #[test]
    fn every_fault_names_its_field() {
        for (field, value) in [
            ("conversation", json!("x")),
            ("conversation", json!(null)),
            ("client_id", json!(1)),
            ("body", json!(["x"])),
            ("body", json!(" ")),
            ("seen_seq", json!(-1)),
            ("seen_seq", json!(1.5)),
            ("take_over", json!("yes")),
            ("attachments", json!([1])),
            ("colour", json!("red")),
        ] {
            let problem = post(field, value.clone()).expect_err("refused");
            assert_eq!(problem.field.as_deref(), Some(field), "{field}: {value}");
            assert_eq!(problem.code.as_str(), "invalid", "{field}: {value}");
        }
    }

    #[test]
    fn an_assignee_is_kept_cleared_or_set() {
        let conversation = "01890a5d-ac96-774b-bcce-b302099a8057";
        let keep: UpdateConversation = parse(json!({ "conversation": conversation })).expect("sound");
        assert_eq!(keep.assignee.into_option(), None);
        let clear: UpdateConversation =
            parse(json!({ "conversation": conversation, "assignee": null })).expect("sound");
        assert_eq!(clear.assignee.into_option(), Some(None));
    }

    #[test]
    fn an_unknown_field_is_not_repeated_when_it_could_do_harm() {
        let problem = post("<script>", json!(1)).expect_err("refused");
        assert_eq!(problem.field, None);
    }
}
