//! Where a text matches, as pieces of plain text: whoever shows them escapes them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The piece.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_hit: bool,
}

/// How many characters are shown before the first hit, and in all.
const BEFORE: usize = 60;
const SHOWN: usize = 240;
/// How many hits are looked for at most; more than are shown.
const MAX_HITS: usize = SHOWN;

/// The pieces of the part of `text` around its first hit.
pub(super) fn segments(text: &str, words: &[String]) -> Vec<Segment> {
    let chars: Vec<char> = text.chars().collect();
    let hits = hits(&chars, words);
    let start = hits.first().map_or(0, |(from, _)| from.saturating_sub(BEFORE));
    let end = chars.len().min(start + SHOWN);
    let mut segments = Vec::new();
    let mut push = |text: String, is_hit| {
        if !text.is_empty() {
            segments.push(Segment { text, is_hit });
        }
    };
    if start > 0 {
        push("…".to_owned(), false);
    }
    let mut at = start;
    for (from, to) in hits.into_iter().filter(|(_, to)| *to <= end) {
        push(chars[at..from].iter().collect(), false);
        push(chars[from..to].iter().collect(), true);
        at = to;
    }
    push(chars[at..end].iter().collect(), false);
    if end < chars.len() {
        push("…".to_owned(), false);
    }
    segments
}

/// The places where a word of the text begins with a word that was looked for, in order and apart.
fn hits(chars: &[char], words: &[String]) -> Vec<(usize, usize)> {
    let mut hits = Vec::new();
    let mut at = 0;
    while at < chars.len() && hits.len() < MAX_HITS {
        let begins = chars[at].is_alphanumeric() && (at == 0 || !chars[at - 1].is_alphanumeric());
        let found = begins.then(|| words.iter().filter_map(|word| length_at(&chars[at..], word)).max()).flatten();
        if let Some(length) = found {
            hits.push((at, at + length));
        }
        at += found.unwrap_or(1).max(1);
    }
    hits
}

/// How many characters from the first on are the word; never none.
fn length_at(chars: &[char], word: &str) -> Option<usize> {
    let mut wanted = word.chars().peekable();
    let mut length = 0;
    for c in chars {
        if wanted.peek().is_none() {
            break;
        }
        for plain in fold(*c) {
            if wanted.next() != Some(plain) {
                return None;
            }
        }
        length += 1;
    }
    (wanted.peek().is_none() && length > 0).then_some(length)
}

/// A letter as the search compares it: small, and without its accents.
pub(super) fn fold(c: char) -> impl Iterator<Item = char> {
    c.nfd().filter(|part| !is_combining_mark(*part)).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_is_the_beginning_of_a_word_in_any_case() {
        let shown = segments("Is the STARTing date restart?", &["start".to_owned()]);
        let hits: Vec<_> = shown.iter().filter(|piece| piece.is_hit).map(|piece| piece.text.as_str()).collect();
        assert_eq!(hits, ["START"]);
        let all: String = shown.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(all, "Is the STARTing date restart?");
    }

    #[test]
    fn a_hit_is_found_with_and_without_accents() {
        for (text, hit) in
            [("Frau Müller", "Müller"), ("Frau Mu\u{308}ller", "Mu\u{308}ller"), ("Frau Muller", "Muller")]
        {
            let shown = segments(text, &["muller".to_owned()]);
            assert!(shown.iter().any(|piece| piece.is_hit && piece.text == hit), "{text}: {shown:?}");
        }
    }

    #[test]
    fn a_word_that_is_empty_marks_nothing_and_ends() {
        let shown = segments("a \u{345} b", &[String::new()]);
        assert!(shown.iter().all(|piece| !piece.is_hit), "{shown:?}");
    }

    #[test]
    fn a_long_text_is_cut_around_its_first_hit() {
        let text = format!("{}needle{}", "word ".repeat(100), " word".repeat(100));
        let shown = segments(&text, &["needle".to_owned()]);
        assert!(shown.iter().any(|piece| piece.is_hit && piece.text == "needle"));
        assert_eq!(shown.first().map(|piece| piece.text.as_str()), Some("…"));
    }
}
