//! `{{name}}` in what a team sends: a gap of a template that nobody has filled in.

/// The first placeholder, as it stands there: two braces, something that can be read, two braces, on one line. After a
/// backslash it is meant literally.
pub(super) fn find(text: &str) -> Option<&str> {
    let inner_most = |at: &usize| text[at + 1..].starts_with('{') && !text[at + 2..].starts_with('{');
    let literal = |at: &usize| text[..*at].trim_end_matches('{').ends_with('\\');
    let mut starts = text.match_indices('{').map(|(at, _)| at).filter(inner_most).filter(|at| !literal(at));
    starts.find_map(|at| {
        let inner = &text[at + 2..];
        let inner = &inner[..inner.find(['{', '}', '\n'])?];
        let whole = &text[at..];
        let is_closed = whole[2 + inner.len()..].starts_with("}}");
        (is_closed && !inner.trim().is_empty()).then(|| &whole[..inner.len() + 4])
    })
}

/// The text with `\{{` as the two braces that it stands for.
pub(super) fn unescape(text: String) -> String {
    if text.contains("\\{{") { text.replace("\\{{", "{{") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_found_as_it_stands_there() {
        for (text, found) in [
            ("Hello {{first_nam}},", "{{first_nam}}"),
            ("{{ first_name | there }}", "{{ first_name | there }}"),
            ("\\{{a}} and {{b}}", "{{b}}"),
            ("{{}} {{x}}", "{{x}}"),
            ("{{{name}}}", "{{name}}"),
        ] {
            assert_eq!(find(text), Some(found), "{text}");
        }
        for text in ["{first_name}", "\\{{first_name}}", "{{}}", "{{ }}", "{{a}", "{{a\n}}", "a }} b {{", "{{"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn a_literal_is_what_it_stands_for() {
        assert_eq!(unescape("Type \\{{name}}, \\o/".to_owned()), "Type {{name}}, \\o/");
    }
}
