//! What the parsers of the domain take, as regular expressions of the OpenAPI document. A shape names one by its format, a test
//! holds each to its parser.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::domain::{
    text::{Body, Name},
    user::Email,
};

/// The greatest number that is whole in every JSON reader.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// Where the characters are that some parser refuses; beyond them are ideographs and private characters alone.
const PROBED: [RangeInclusive<char>; 2] = ['\0'..='\u{1FFFF}', '\u{E0000}'..='\u{E0FFF}'];

/// Each format with its pattern, made by asking the parsers about every character.
fn patterns() -> [(&'static str, String); 6] {
    let class = |refuses: fn(&str) -> bool, before, after| class(&PROBED, refuses, before, after);
    // What is trimmed, what stands in no line, and what alone is no line: also not among the like of it.
    let blank = class(|text| text.trim().is_empty(), "", "");
    let not_in_line = class(is_no_line, "a", "b");
    let no_line = class(is_no_line, "", "");
    let line = format!("[^{not_in_line}]*[^{no_line}][^{not_in_line}]*[{blank}]*");
    let no_text = class(|text| Body::parse("body", text).is_err(), "", "");
    let not_in_local = class(is_no_address, "a", "b@c.de");
    let not_in_host = class(is_no_address, "a@b", "c.de");
    let address = format!("[^{not_in_local}]+@[^.{not_in_host}]+(?:\\.[^.{not_in_host}]+)+[{blank}]*");
    [
        ("line", format!("^[{blank}]*{line}$")),
        ("optional-line", format!("^[{blank}]*(?:{line})?$")),
        ("text", format!("^[^\\u0000]*[^{no_text}][^\\u0000]*$")),
        ("address", format!("^[{blank}]*(?:{address})?$")),
        ("language", format!("^[{blank}]*(?:[A-Za-z]{{2,3}}(?:[-_][A-Za-z0-9]{{1,8}})*[{blank}]*)?$")),
        ("lease", "^[^\\u0000-\\u001F\\u007F-\\u009F]*$".to_owned()),
    ]
}

fn is_no_line(text: &str) -> bool {
    Name::parse("name", text).is_err()
}

fn is_no_address(text: &str) -> bool {
    Email::parse("email", text).is_err()
}

/// The characters that are refused between two texts, as the inside of a character class.
fn class(probed: &[RangeInclusive<char>], refuses: impl Fn(&str) -> bool, before: &str, after: &str) -> String {
    let code = |c: char| if u32::from(c) > 0xFFFF { c.to_string() } else { format!("\\u{:04X}", u32::from(c)) };
    let mut class = String::new();
    let refused = |c: &char| refuses(&format!("{before}{c}{after}"));
    let mut all = probed.iter().cloned().flatten().filter(refused).peekable();
    while let Some(first) = all.next() {
        let mut last = first;
        while let Some(next) = all.next_if(|next| u32::from(*next) == u32::from(last) + 1) {
            last = next;
        }
        class += &code(first);
        if last > first {
            class.extend(["-".to_owned(), code(last)]);
        }
    }
    class
}

/// Puts the pattern in the place of each format that is one of ours, and a bound on each `seq`.
pub fn fill(schema: &mut Value) {
    fill_with(schema, &patterns());
}

fn fill_with(schema: &mut Value, patterns: &[(&str, String)]) {
    match schema {
        Value::Object(fields) => {
            let format = fields.get("format").and_then(Value::as_str).map(str::to_owned);
            let format = format.as_deref();
            if let Some((_, pattern)) = patterns.iter().find(|(name, _)| Some(*name) == format) {
                fields.remove("format");
                fields.insert("pattern".to_owned(), json!(pattern));
            }
            // A `seq`.
            if format == Some("int64")
                && fields.get("minimum").is_some_and(|least| matches!(&*least.to_string(), "0" | "0.0"))
            {
                fields.insert("maximum".to_owned(), json!(MAX_INTEGER));
            }
            fields.values_mut().for_each(|value| fill_with(value, patterns));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill_with(item, patterns)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        candidate::{Profile, RawProfile},
        queue::LeaseToken,
    };

    type Refuses = fn(&str) -> bool;

    #[test]
    fn no_parser_refuses_a_character_that_is_not_asked_about() {
        let all = ['\0'..=char::MAX];
        let rules: [(Refuses, &str, &str); 6] = [
            (is_no_line, "", ""),
            (is_no_line, "a", "b"),
            (|text| Body::parse("body", text).is_err(), "", ""),
            (is_no_address, "a", "b@c.de"),
            (is_no_address, "a@b", "c.de"),
            (|text| LeaseToken::parse("lease", text.to_owned()).is_err(), "a", "b"),
        ];
        for (refuses, before, after) in rules {
            assert_eq!(class(&PROBED, refuses, before, after), class(&all, refuses, before, after), "{before}…{after}");
        }
        let inside = class(&all, |text| Body::parse("body", text).is_err(), "a", "b");
        assert_eq!(inside, "\\u0000");
    }

    #[test]
    fn a_pattern_takes_what_its_parser_takes() {
        let validators = patterns().map(|(format, pattern)| {
            (format, jsonschema::validator_for(&json!({ "type": "string", "pattern": pattern })).unwrap())
        });
        let takes = |format: &str, text: &str| {
            let (_, validator) = validators.iter().find(|(name, _)| *name == format).unwrap();
            validator.is_valid(&json!(text))
        };
        let profile = |locale: Option<&str>, email: Option<&str>, phone: Option<&str>| {
            Profile::parse(RawProfile { name: "Ada", locale, email, phone, ..RawProfile::default() }).is_ok()
        };
        for text in [
            "",
            " ",
            "\n",
            "a",
            " a ",
            "a\n",
            "\na b\t",
            "a\nb",
            "a\0",
            "\u{1b}",
            "a\u{85}",
            "a\u{85}b",
            "de",
            "de-AT",
            "de_",
            "d",
            "deutsch",
            "de-1234567890",
            " de ",
            "a@b.c",
            "a@b",
            "@b.c",
            "a@b.",
            "a@.c",
            "a@b@c.d",
            "a b@c.d",
            " a@b.c\n",
            "a@b\u{200b}.c",
            "日本",
        ] {
            assert_eq!(takes("line", text), Name::parse("name", text).is_ok(), "line {text:?}");
            assert_eq!(takes("text", text), Body::parse("body", text).is_ok(), "text {text:?}");
            assert_eq!(takes("optional-line", text), profile(None, None, Some(text)), "optional-line {text:?}");
            assert_eq!(takes("address", text), profile(None, Some(text), None), "address {text:?}");
            assert_eq!(takes("language", text), profile(Some(text), None, None), "language {text:?}");
            assert_eq!(takes("lease", text), LeaseToken::parse("lease", text.to_owned()).is_ok(), "lease {text:?}");
        }
    }
}
