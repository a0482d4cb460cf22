//! Cutting a folded text into words, and into stretches of scripts that write no space between words.

use unicode_normalization::char::is_combining_mark;

use super::fold::Letter;

/// A part of a text that is found by itself.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// How many letters are looked up together, in a script without spaces; `None` for a word.
    pub gram: Option<usize>,
    /// Its letters; at least one, and the first is no mark.
    pub letters: Vec<Letter>,
}

impl Piece {
    /// Its letters as text.
    pub fn text(&self) -> String {
        text(&self.letters)
    }
}

/// Letters as text.
pub(super) fn text(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.letter).collect()
}

/// The pieces of a folded text, in order. A mark without a letter before it is in none.
pub(super) fn pieces(folded: &[Letter]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut is_open = false;
    for letter in folded {
        let c = letter.letter;
        if is_combining_mark(c) {
            if let Some(piece) = pieces.last_mut().filter(|_| is_open) {
                piece.letters.push(*letter);
            }
        } else if c.is_alphanumeric() {
            let gram = gram(c);
            match pieces.last_mut().filter(|piece| is_open && piece.gram == gram) {
                Some(piece) => piece.letters.push(*letter),
                None => pieces.push(Piece { gram, letters: vec![*letter] }),
            }
            is_open = true;
        } else {
            is_open = false;
        }
    }
    pieces
}

/// How many letters are looked up together where words are not separated: two of the scripts with thousands of letters,
/// three of those with dozens.
fn gram(c: char) -> Option<usize> {
    match u32::from(c) {
        // Han, Hiragana, Katakana, Bopomofo.
        0x3005..=0x3007
        | 0x3021..=0x3029
        | 0x3031..=0x3035
        | 0x303b
        | 0x3041..=0x312f
        | 0x31a0..=0x31bf
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x1_b000..=0x1_b16f
        | 0x2_0000..=0x3_ffff => Some(2),
        // Thai, Lao, Myanmar, Khmer.
        0xe00..=0xeff | 0x1000..=0x109f | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f | 0x1780..=0x17ff => Some(3),
        _ => None,
    }
}

/// Whether a letter is of Korean, whose words carry particles at their end.
pub(super) fn is_korean(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}')
}

/// An Arabic word without its article, where one stands before at least three letters.
pub(super) fn without_article(letters: &[Letter]) -> Option<&[Letter]> {
    let is_article = letters.len() >= 5 && letters[0].letter == '\u{627}' && letters[1].letter == '\u{644}';
    is_article.then(|| &letters[2..])
}

#[cfg(test)]
mod tests {
    use super::{super::fold::fold, *};

    fn cut(text: &str) -> Vec<String> {
        pieces(&fold(text)).iter().map(Piece::text).collect()
    }

    #[test]
    fn words_end_at_spaces_signs_and_other_scripts() {
        assert_eq!(cut("Hello, iPhone手机 3月"), ["hello", "iphone", "手机", "3", "月"]);
        assert_eq!(cut("ada.lovelace@example.org"), ["ada", "lovelace", "example", "org"]);
        assert_eq!(cut("👩‍💻 ok 👍🏽"), ["ok"]);
    }

    #[test]
    fn a_mark_alone_is_in_no_word() {
        assert!(cut("\u{93e} \u{345} \u{e31} \u{650}").is_empty());
        assert_eq!(cut("\u{93e}\u{915}\u{93e}"), ["\u{915}\u{93e}"]);
    }
}
