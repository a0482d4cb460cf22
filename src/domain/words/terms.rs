//! What a text is found by.

use std::collections::BTreeSet;

use super::{
    MAX_LETTERS,
    fold::fold,
    phone::{ends, phones},
    pieces::{Piece, pieces, text, without_article},
};

/// Stands before the end of a telephone number, and before a whole one; in no word.
pub(super) const ENDS: char = '☎';
pub(super) const WHOLE: char = '☏';

/// The terms of a text, folded, each once, with one space between them. What is found as a whole, such as the id
/// `R-2024/17`, is also found without its dashes.
pub fn terms(text: &str, whole: Option<&str>) -> String {
    let mut terms = BTreeSet::new();
    add(text, &mut terms);
    if let Some(whole) = whole {
        add(whole, &mut terms);
        let joined = pieces(&fold(whole)).iter().map(Piece::text).collect::<String>();
        terms.extend((!joined.is_empty()).then(|| joined.chars().take(MAX_LETTERS).collect()));
    }
    terms.into_iter().collect::<Vec<_>>().join(" ")
}

fn add(original: &str, terms: &mut BTreeSet<String>) {
    let folded = fold(original);
    for Piece { gram, letters } in pieces(&folded) {
        let Some(length) = gram else {
            terms.insert(text(&letters[..letters.len().min(MAX_LETTERS)]));
            terms.extend(without_article(&letters).map(|rest| text(&rest[..rest.len().min(MAX_LETTERS)])));
            continue;
        };
        // The last ones are shorter, so that each letter begins one.
        terms.extend((0..letters.len()).map(|at| text(&letters[at..letters.len().min(at + length)])));
    }
    for phone in phones(&folded) {
        terms.extend(ends(&phone.digits).map(|end| format!("{ENDS}{end}")));
        terms.insert(format!("{WHOLE}{}", phone.digits));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_its_words_once_each() {
        assert_eq!(terms("Straße, STRASSE and more", None), "and more strasse");
        assert_eq!(terms("请来面试", None), "来面 试 请来 面试");
        assert_eq!(terms("Ada", Some("R-17")), "17 ada r r17");
        assert_eq!(terms("👍 \u{93e}", None), "");
    }

    #[test]
    fn no_term_has_what_either_engine_takes_for_syntax() {
        let text: String = ('\0'..=char::MAX).filter(|c| !c.is_whitespace()).flat_map(|c| [c, ' ']).collect();
        for term in terms(&text, None).split(' ') {
            let is_sound = |c: char| c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace());
            assert!(!term.is_empty() && term.chars().all(is_sound), "{term:?}");
            assert!(term.len() < 500, "{term:?}");
        }
    }
}
