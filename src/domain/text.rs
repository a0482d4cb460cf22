//! Text that people type, made sound before anything else sees it.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// The most characters of a name, a title or another single line.
pub const NAME_LIMIT: usize = 200;
/// The most characters of a message, a note or an announcement.
pub const BODY_LIMIT: usize = 10_000;

/// A message's, note's or announcement's text: trimmed, 1 to 10,000 characters (Unicode scalar values), no NUL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(String);

/// A single line such as a name or a title: trimmed, 1 to 200 characters, no control characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Body {
    /// Parses what somebody wrote.
    ///
    /// # Errors
    /// `invalid` for an empty text or one with NUL, `too_large` for more than 10,000 characters; both name the field.
    pub fn parse(field: &'static str, raw: &str) -> Result<Self, Problem> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(Problem::invalid(field, "Write something first."));
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

/// The first 120 characters of a text on one line, cut with an ellipsis.
#[must_use]
pub fn preview(text: &str) -> String {
    let mut line = String::with_capacity(160);
    let mut words = text.split_whitespace().flat_map(|word| [" ", word]).skip(1).flat_map(str::chars);
    line.extend(words.by_ref().take(120));
    if words.next().is_some() {
        line.push('…');
    }
    line
}

impl Name {
    /// Parses a single line.
    ///
    /// # Errors
    /// `invalid` for an empty line or one with control characters, `too_large` for more than 200 characters.
    pub fn parse(field: &'static str, raw: &str) -> Result<Self, Problem> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(Problem::invalid(field, "This cannot be empty."));
        }
        if text.chars().any(char::is_control) {
            return Err(Problem::invalid(field, "This has a character that cannot be kept, such as a line break."));
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
