//! The filters of all templates.

#![allow(clippy::unnecessary_wraps, reason = "askama wants a Result of every filter")]
#![allow(clippy::missing_errors_doc, reason = "see above: the types are generated, and none of the filters fails")]
#![allow(missing_docs, reason = "askama makes a type of each filter, which takes no sentence of its own")]

use std::fmt::Write;

use askama::{
    Values,
    filters::{Escaper, Html, Safe},
};

use super::{icons, text};
use crate::domain::time::Timestamp;

/// Somebody's words, with links, harmless.
///
/// # Errors
/// None of its own.
#[askama::filter_fn]
pub fn rich(words: &str, _: &dyn Values) -> askama::Result<Safe<String>> {
    let mut html = String::with_capacity(words.len() + 64);
    text::write_rich(&mut html, words)?;
    Ok(Safe(html))
}

/// A person's, project's or label's name, kept apart from the direction of the text around it.
///
/// # Errors
/// None of its own.
#[askama::filter_fn]
pub fn name(line: &str, _: &dyn Values) -> askama::Result<Safe<String>> {
    let mut html = String::from("<bdi>");
    Html.write_escaped_str(&mut html, &text::plain(line))?;
    html.push_str("</bdi>");
    Ok(Safe(html))
}

/// A line for attributes, titles and options: as [`name`] without the element around it.
///
/// # Errors
/// None.
#[askama::filter_fn]
pub fn plain(line: &str, _: &dyn Values) -> askama::Result<String> {
    Ok(text::plain(line))
}

/// A sentence of ours with commands between backticks, which become `<code>`.
///
/// # Errors
/// None of its own.
#[askama::filter_fn]
pub fn code(sentence: &str, _: &dyn Values) -> askama::Result<Safe<String>> {
    let mut html = String::with_capacity(sentence.len() + 32);
    for (place, part) in sentence.split('`').enumerate() {
        let is_command = place % 2 == 1;
        html.push_str(if is_command { "<code>" } else { "" });
        Html.write_escaped_str(&mut html, part)?;
        html.push_str(if is_command { "</code>" } else { "" });
    }
    Ok(Safe(html))
}

/// Up to two letters that stand for a name.
///
/// # Errors
/// None.
#[askama::filter_fn]
pub fn initials(line: &str, _: &dyn Values) -> askama::Result<String> {
    Ok(text::initials(line))
}

/// A picture of the one icon set, by name; decoration, so hidden from screen readers.
///
/// # Errors
/// None.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(format!("<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">{}</svg>", icons::path(name))))
}

/// A moment as `<time>`; `page.js` keeps it true in the way that `mode` names: `ago`, `waits`, `span`, `due`, `until` or `clock`.
/// Without script it reads as date and time in UTC.
///
/// # Errors
/// None of its own.
#[askama::filter_fn]
pub fn moment(at: &Timestamp, _: &dyn Values, mode: &str) -> askama::Result<Safe<String>> {
    let mut html = format!("<time datetime=\"{at}\" data-relative=\"{mode}\">");
    write!(html, "{}</time>", at.for_people())?;
    Ok(Safe(html))
}
