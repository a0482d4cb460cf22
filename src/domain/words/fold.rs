//! Folding: letters without case, accents and spellings that mean the same.

use unicode_normalization::{
    UnicodeNormalization,
    char::{canonical_combining_class, compose, is_combining_mark},
};

/// A letter of the folded text, and which characters of the original it stands for: from the first to before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub letter: char,
    pub from: usize,
    pub to: usize,
}

/// How far back a mark is moved among the marks before it; nobody writes as many on one letter.
const MAX_MARKS: usize = 8;

/// Folds a text. Composed and decomposed forms fold alike. Vowel signs and tone marks of the scripts that cannot be read
/// without them stay; accents, Hebrew and Arabic points and invisible characters go.
pub(super) fn fold(text: &str) -> Vec<Letter> {
    let mut folded = Folded(Vec::with_capacity(text.len()));
    for (at, c) in text.chars().enumerate() {
        match c {
            '\0'..='\x7f' => folded.0.push(Letter { letter: c.to_ascii_lowercase(), from: at, to: at + 1 }),
            // Already what decomposing and composing would give.
            '\u{ac00}'..='\u{d7a3}' | '\u{4e00}'..='\u{9fff}' => {
                folded.0.push(Letter { letter: c, from: at, to: at + 1 });
            }
            _ => std::iter::once(c).nfkd().for_each(|part| folded.add(part, at)),
        }
    }
    folded.0
}

struct Folded(Vec<Letter>);

impl Folded {
    /// Adds a decomposed character.
    fn add(&mut self, part: char, at: usize) {
        if is_dropped(part) {
            self.stretch(at);
        } else if let Some(plain) = plain(part) {
            plain.chars().for_each(|letter| self.push(letter, at));
        } else {
            // Small, capital and small again is full case folding but for a few letters of no living language.
            let small = part.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
            for letter in small.filter(|letter| !is_dropped(*letter)) {
                match plain(letter) {
                    Some(plain) => plain.chars().for_each(|letter| self.push(letter, at)),
                    None => self.push(digit(letter).unwrap_or(letter), at),
                }
            }
        }
    }

    fn push(&mut self, letter: char, at: usize) {
        if let Some(last) = self.0.last_mut()
            && let Some(composed) = joined(last.letter, letter)
        {
            *last = Letter { letter: composed, to: at + 1, ..*last };
            return;
        }
        self.0.push(Letter { letter, from: at, to: at + 1 });
        self.sort_marks();
    }

    /// Brings the last mark into canonical order with those before it.
    fn sort_marks(&mut self) {
        let class = |letter: &Letter| canonical_combining_class(letter.letter);
        for at in (1..self.0.len()).rev().take(MAX_MARKS) {
            let (before, mark) = (class(&self.0[at - 1]), class(&self.0[at]));
            if mark == 0 || before <= mark {
                break;
            }
            let (one, other) = (self.0[at - 1].letter, self.0[at].letter);
            (self.0[at - 1].letter, self.0[at].letter) = (other, one);
        }
    }

    /// What folds to nothing belongs to the letter before it.
    fn stretch(&mut self, at: usize) {
        if let Some(last) = self.0.last_mut().filter(|last| last.to == at) {
            last.to = at + 1;
        }
    }
}

/// Korean syllables and voiced Japanese letters are one letter each, however they were typed.
fn joined(last: char, letter: char) -> Option<char> {
    match letter {
        '\u{1161}'..='\u{11c2}' | '\u{3099}' | '\u{309a}' => compose(last, letter),
        _ => None,
    }
}

fn is_dropped(c: char) -> bool {
    // Class 7 is the dot that some Indic letters have for sounds of other languages.
    is_accent(c) || is_point(c) || is_unread(c) || canonical_combining_class(c) == 7
}

/// Marks above or below a letter that can be read without them.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// The same of Cyrillic, Hebrew, Arabic and Syriac, where signs that are no marks stand among them.
fn is_point(c: char) -> bool {
    let is_among = matches!(c, '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{6ed}'
        | '\u{730}'..='\u{74a}' | '\u{8ca}'..='\u{8ff}' | '\u{a66f}'..='\u{a69f}');
    is_among && is_combining_mark(c)
}

/// Apostrophes that count as letters, the Arabic stroke that only makes a word longer, and what is invisible: joiners,
/// hyphens for the end of a line, directions, variants, fillers.
const fn is_unread(c: char) -> bool {
    matches!(c, '\u{2b9}'..='\u{2bf}' | '\u{640}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
        | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Letters that Unicode does not decompose, and letters of one sound that people type one for the other.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' | 'Ł' => "l",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ß' | 'ẞ' => "ss",
        'ħ' | 'Ħ' => "h",
        'ŧ' | 'Ŧ' => "t",
        'ŋ' | 'Ŋ' => "n",
        'ə' | 'Ə' => "e",
        'ı' => "i",
        'ґ' | 'Ґ' => "г",
        'ς' => "σ",
        // Alef wasla; alef maqsura and the Persian yeh; teh marbuta and other forms of heh; the Persian kaf.
        '\u{671}' => "\u{627}",
        '\u{649}' | '\u{6cc}' => "\u{64a}",
        '\u{629}' | '\u{6be}' | '\u{6c1}' | '\u{6c3}' | '\u{6d5}' => "\u{647}",
        '\u{6a9}' => "\u{643}",
        _ => return None,
    })
}

/// The first digit of each script's ten.
const ZEROS: [u32; 36] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x1_e950,
];

/// The digit from 0 to 9 that a digit of another script is.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        fold(text).into_iter().map(|letter| letter.letter).collect()
    }

    #[test]
    fn spellings_that_mean_the_same_fold_alike() {
        for (one, other) in [
            ("Łukasz Søren STRASSE", "lukasz soren straße"),
            ("İstanbul ısı", "istanbul isi"),
            ("Œuvre Æther Þór", "oeuvre aether thor"),
            ("ΓΙΏΡΓΟΣ", "Γιώργος"),
            ("Сергей", "сергеи"),
            ("أَحْمَد", "احمد"),
            ("مدرسة", "مدرسه"),
            ("عـلـى", "علي"),
            ("שָׁלוֹם", "שלום"),
            ("ｶﾞｲﾄﾞ", "ガイド"),
            ("한국어", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}"),
            ("１２３ ٤٥٦ ७८९", "123 456 789"),
            ("ﬁnanz", "FINANZ"),
            ("cafe\u{301}", "Café"),
            ("ज़रूर", "जरूर"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
    }

    #[test]
    fn what_a_script_cannot_be_read_without_stays() {
        for text in ["साक्षात्कार", "สัมภาษณ์", "ទំនាក់ទំនង", "சந்திப்பு"]
        {
            assert!(folded(text).chars().any(is_combining_mark), "{text}");
        }
        assert_ne!(folded("か"), folded("が"));
    }

    #[test]
    fn each_letter_knows_its_place_in_the_original() {
        let places: Vec<_> = fold("ßé").into_iter().map(|letter| (letter.letter, letter.from, letter.to)).collect();
        assert_eq!(places, [('s', 0, 1), ('s', 0, 1), ('e', 1, 2)]);
        let places: Vec<_> =
            fold("e\u{301}x").into_iter().map(|letter| (letter.letter, letter.from, letter.to)).collect();
        assert_eq!(places, [('e', 0, 2), ('x', 2, 3)]);
    }
}
