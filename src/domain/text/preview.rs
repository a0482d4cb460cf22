//! The beginning of a text, for lists.

use unicode_segmentation::UnicodeSegmentation;

/// The most characters of a preview.
const LIMIT: usize = 120;

/// The first 120 characters of a text on one line, cut with an ellipsis. The cut never falls inside of what a reader takes
/// for one character, such as a flag, a family of emoji or a letter with its accents, unless that alone is longer.
#[must_use]
pub fn preview(text: &str) -> String {
    let mut line = String::with_capacity(160);
    let mut length = 0;
    for word in text.split_whitespace() {
        let space = if line.is_empty() { "" } else { " " };
        for part in space.graphemes(true).chain(word.graphemes(true)) {
            let characters = part.chars().count();
            if length + characters > LIMIT {
                if line.is_empty() {
                    line.extend(part.chars().take(LIMIT));
                }
                line.truncate(line.trim_end().len());
                line.push('…');
                return line;
            }
            line.push_str(part);
            length += characters;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_one_line_of_at_most_120_characters() {
        assert_eq!(preview(" a\n\tb  c "), "a b c");
        assert_eq!(preview(&"a".repeat(120)), "a".repeat(120));
        assert_eq!(preview(&"a".repeat(121)), "a".repeat(120) + "…");
        assert_eq!(preview(&format!("{} b", "a".repeat(119))), "a".repeat(119) + "…");
        assert_eq!(preview(&format!("a{}", "\u{301}".repeat(5_000))).chars().count(), 121);
    }

    #[test]
    fn what_looks_like_one_character_is_never_cut() {
        for one in ["👩🏽\u{200d}🚀", "👨\u{200d}👩\u{200d}👧\u{200d}👦", "🇦🇹", "e\u{301}\u{323}", "क्षि", "한"]
        {
            for before in 100..=120 {
                let text = "a".repeat(before) + one + &"b".repeat(120);
                let cut = preview(&text);
                let cut = cut.strip_suffix('…').unwrap();
                assert!(text.grapheme_indices(true).any(|(at, _)| at == cut.len()), "{one} after {before}");
                assert!(cut.chars().count() <= 120);
            }
        }
        assert_eq!(preview("👩🏽\u{200d}🚀 here"), "👩🏽\u{200d}🚀 here");
    }
}
