//! Where a text matches, as pieces of plain text: the caller escapes them.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::{
    MAX_LETTERS,
    fold::{Letter, fold},
    phone::phones,
    pieces::{pieces, without_article},
    query::{Needle, Query, Reach},
};

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
/// How many characters a cut is moved at most, so that it does not part what is shown as one.
const MAX_MOVED: usize = 16;

/// The pieces of the part of `text` around its first hit.
pub fn segments(text: &str, query: &Query) -> Vec<Segment> {
    let chars: Vec<char> = text.chars().collect();
    let hits = hits(text, &query.needles);
    let mut start = hits.first().map_or(0, |hit| hit.start.saturating_sub(BEFORE));
    start -= (0..MAX_MOVED).take_while(|moved| is_joined(&chars, start.saturating_sub(*moved))).count().min(start);
    let mut end = chars.len().min(start + SHOWN);
    end += (0..MAX_MOVED).take_while(|moved| is_joined(&chars, end + moved)).count();
    let mut segments = Vec::new();
    let mut push = |text: String, is_hit| {
        if !text.is_empty() {
            segments.push(Segment { text, is_hit });
        }
    };
    push(if start > 0 { "…" } else { "" }.to_owned(), false);
    let mut at = start;
    for hit in hits.into_iter().filter(|hit| hit.end <= end) {
        push(chars[at..hit.start].iter().collect(), false);
        at = hit.end;
        push(chars[hit].iter().collect(), true);
    }
    push(chars[at..end].iter().collect(), false);
    push(if end < chars.len() { "…" } else { "" }.to_owned(), false);
    segments
}

/// Whether a character and the one before it are shown as one.
fn is_joined(chars: &[char], at: usize) -> bool {
    let (Some(before), Some(c)) = (at.checked_sub(1).and_then(|before| chars.get(before)), chars.get(at)) else {
        return false;
    };
    let is_flag = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    *before == '\u{200d}'
        || matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
        || is_combining_mark(*c)
        || (is_flag(before) && is_flag(c))
}

/// The places that match, as numbers of characters, in order and apart.
fn hits(text: &str, needles: &[Needle]) -> Vec<Range<usize>> {
    let folded = fold(text);
    let mut hits = Vec::new();
    for piece in pieces(&folded) {
        for needle in needles {
            match needle {
                Needle::Word(word, reach) if piece.gram.is_none() => hits.extend(word_in(&piece.letters, word, *reach)),
                Needle::Run(run) if piece.gram.is_some() => runs_in(&piece.letters, run, &mut hits),
                _ => {}
            }
        }
    }
    for digits in
        needles.iter().filter_map(|needle| if let Needle::Phone(digits) = needle { Some(digits) } else { None })
    {
        let alike = phones(&folded).into_iter().filter(|phone| phone.ends_like(digits));
        hits.extend(alike.map(|phone| {
            let with_plus = phone.letters.start.checked_sub(1).filter(|before| folded[*before].letter == '+');
            place(&folded[with_plus.unwrap_or(phone.letters.start)..phone.letters.end])
        }));
    }
    hits.retain(|hit| !hit.is_empty());
    hits.sort_by_key(|hit| (hit.start, hit.end));
    hits.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        kept.end = if overlaps { kept.end.max(next.end) } else { kept.end };
        overlaps
    });
    hits
}

/// The characters of the original that letters stand for.
fn place(letters: &[Letter]) -> Range<usize> {
    letters.first().map_or(0..0, |first| first.from..letters.last().map_or(first.to, |last| last.to))
}

/// Where a word of the text is what was looked for.
fn word_in(letters: &[Letter], word: &str, reach: Reach) -> Option<Range<usize>> {
    let length = word.chars().count();
    [Some(letters), without_article(letters)].into_iter().flatten().find_map(|letters| {
        let counted = &letters[..letters.len().min(MAX_LETTERS)];
        let begins = length > 0 && counted.len() >= length && is_same(&counted[..length], word);
        (begins && (reach != Reach::Whole || counted.len() == length)).then(|| place(&letters[..length]))
    })
}

/// Where the letters that were looked for follow each other.
fn runs_in(letters: &[Letter], run: &str, hits: &mut Vec<Range<usize>>) {
    let length = run.chars().count().max(1);
    hits.extend(letters.windows(length).filter(|window| is_same(window, run)).map(place));
}

fn is_same(letters: &[Letter], text: &str) -> bool {
    letters.iter().map(|letter| letter.letter).eq(text.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str) -> Vec<Segment> {
        segments(text, &Query::parse(query))
    }

    fn marked(text: &str, query: &str) -> Vec<String> {
        shown(text, query).into_iter().filter(|piece| piece.is_hit).map(|piece| piece.text).collect()
    }

    #[test]
    fn a_hit_is_the_beginning_of_a_word_in_any_case() {
        let text = "Is the STARTing date restart?";
        assert_eq!(marked(text, "start"), ["START"]);
        assert_eq!(shown(text, "start").into_iter().map(|piece| piece.text).collect::<String>(), text);
        assert_eq!(marked("then the end", "the end"), ["the", "end"]);
    }

    #[test]
    fn a_hit_is_what_was_written_in_whatever_spelling() {
        for (text, query, hit) in [
            ("Frau Müller", "muller", "Müller"),
            ("Frau Mu\u{308}ller", "Müller", "Mu\u{308}ller"),
            ("Frau Muller", "MÜLLER", "Muller"),
            ("die Straße", "strasse", "Straße"),
            ("请来参加面试吧", "面试", "面试"),
            ("ที่สัมภาษณ์งาน", "สัมภาษณ์", "สัมภาษณ์"),
            ("면접은 내일", "면접", "면접"),
            ("في المقابلة", "مقابلة", "مقابلة"),
            ("call +43 660 123 45 67 now", "0660/1234567", "+43 660 123 45 67"),
            ("key 1\u{fe0f}\u{20e3}", "1", "1\u{fe0f}\u{20e3}"),
        ] {
            assert_eq!(marked(text, query), [hit], "{text}");
        }
    }

    #[test]
    fn a_query_of_marks_marks_nothing_and_ends() {
        assert!(marked("a \u{345} b", "\u{345}").is_empty());
        assert!(marked("a \u{93e} b", "\u{93e} \u{93e}").is_empty());
    }

    #[test]
    fn a_long_text_is_cut_around_its_first_hit() {
        let text = format!("{}needle{}", "word ".repeat(100), " word".repeat(100));
        let shown = shown(&text, "needle");
        assert!(shown.iter().any(|piece| piece.is_hit && piece.text == "needle"));
        assert_eq!(shown.first().map(|piece| piece.text.as_str()), Some("…"));
    }

    #[test]
    fn a_cut_parts_no_joined_emoji() {
        let family = "👩‍👩‍👧‍👦";
        for before in 0..12 {
            let text = format!("{}{}needle{}", "x".repeat(30), family.repeat(8), " y".repeat(before));
            let all: String = shown(&text, "needle").into_iter().map(|piece| piece.text).collect();
            assert!(all.trim_start_matches('…').starts_with(['x', '👩']), "{all}");
        }
    }
}
