//! Text that people type, made sound before anything else sees it.

mod placeholder;
mod preview;
mod visible;

use std::{borrow::Cow, fmt, ops::Deref};

use serde::{Deserialize, Serialize};

pub use self::{
    preview::preview,
    visible::{comparable, shows_nothing},
};
use super::problem::Problem;

/// The most characters of a name, a title or another single line.
pub const NAME_LIMIT: usize = 200;
/// The most characters of a message, a note or an announcement.
pub const BODY_LIMIT: usize = 10_000;

/// A message's, note's or announcement's text: trimmed, 1 to 10,000 characters (Unicode scalar values), one of which can be
/// seen; lines end with LF alone; no NUL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(String);

/// A single line such as a name or a title: trimmed, 1 to 200 characters, one of which can be seen; no control characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Body {
    /// Parses what a person wrote. CR LF, as forms send it, and a lone CR become LF before anything is counted.
    ///
    /// # Errors
    /// `invalid` for a text that is empty or shows nothing and one with NUL, `too_large` for more than 10,000 characters;
    /// both name the field.
    pub fn parse(field: &'static str, raw: &str) -> Result<Self, Problem> {
        let lines = with_plain_breaks(raw);
        let text = lines.trim();
        if text.is_empty() {
            return Err(Problem::invalid(field, "Write something first."));
        }
        if shows_nothing(text) {
            return Err(Problem::invalid(field, NOTHING_SEEN));
        }
        if text.contains('\0') {
            return Err(Problem::invalid(field, "The text has a character that cannot be kept (NUL)."));
        }
        // Bytes first: counting the characters of a text that is far too long is work for nothing.
        if text.len() > BODY_LIMIT * 4 || text.chars().count() > BODY_LIMIT {
            return Err(Problem::too_large(field, "The text is longer than 10,000 characters."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text as candidates get it from the team: `\{{` becomes `{{`.
    ///
    /// # Errors
    /// `invalid` on `body` for a placeholder such as `{{first_name}}`, which nothing fills in yet.
    pub fn without_placeholders(self) -> Result<Self, Problem> {
        match placeholder::find(&self.0) {
            Some(left) => Err(Problem::invalid("body", format!("This still contains a placeholder: {left}."))),
            None => Ok(Self(placeholder::unescape(self.0))),
        }
    }

    /// The first 120 characters on one line, for lists.
    #[must_use]
    pub fn preview(&self) -> String {
        preview(&self.0)
    }
}

/// A cell of a file that no spreadsheet takes for a formula.
#[must_use]
pub fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// What is said of a text without any visible character.
const NOTHING_SEEN: &str = "This has no visible characters.";

/// The text with LF at the end of each line.
fn with_plain_breaks(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') { raw.replace("\r\n", "\n").replace('\r', "\n").into() } else { raw.into() }
}

impl Name {
    /// Parses a single line.
    ///
    /// # Errors
    /// `invalid` for a line that is empty or shows nothing and one with control characters, `too_large` for more than 200
    /// characters.
    pub fn parse(field: &'static str, raw: &str) -> Result<Self, Problem> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(Problem::invalid(field, "This cannot be empty."));
        }
        if text.chars().any(char::is_control) {
            return Err(Problem::invalid(field, "This has a character that cannot be kept, such as a line break."));
        }
        if shows_nothing(text) {
            return Err(Problem::invalid(field, NOTHING_SEEN));
        }
        if text.len() > NAME_LIMIT * 4 || text.chars().count() > NAME_LIMIT {
            return Err(Problem::too_large(field, "This is longer than 200 characters."));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Parses an optional single line: `None` and blank are absent.
///
/// # Errors
/// As [`Name::parse`].
pub fn optional_name(field: &'static str, raw: Option<&str>) -> Result<Option<Name>, Problem> {
    raw.filter(|text| !text.trim().is_empty()).map(|text| Name::parse(field, text)).transpose()
}

macro_rules! text {
    ($($name:ident)*) => {$(
        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        // People's words never reach a log by accident.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl $name {
            /// Takes what the store holds, which was parsed when it was written.
            #[must_use]
            pub fn from_stored(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

text!(Body Name);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_every_kind_are_one_text() {
        for raw in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", " a\r\nb\n\rc\r\n"] {
            assert_eq!(&*Body::parse("body", raw).unwrap(), "a\nb\n\nc", "{raw:?}");
        }
    }

    #[test]
    fn a_limit_counts_characters_and_a_break_of_a_form_is_one() {
        let of = |length: usize, breaks: usize| "😀".repeat(length - breaks - 1) + &"\r\n".repeat(breaks) + "x";
        assert_eq!(Body::parse("body", &of(9_990, 20)).unwrap().chars().count(), 9_990);
        assert!(Body::parse("body", &of(10_000, 20)).is_ok());
        assert_eq!(Body::parse("body", &of(10_001, 20)).unwrap_err().code.as_str(), "too_large");
        assert!(Name::parse("name", &"😀".repeat(200)).is_ok());
        assert_eq!(Name::parse("name", &"😀".repeat(201)).unwrap_err().code.as_str(), "too_large");
    }
}
