//! What can be seen of a text, and when two texts look the same.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};
use unicode_normalization::UnicodeNormalization;

/// Whether nothing of a text can be seen: white space, control and format characters, and what Unicode lets a program
/// ignore (`Default_Ignorable_Code_Point`), such as U+200B, U+202E, U+3164 and U+FE0F.
#[must_use]
pub fn shows_nothing(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// A text as it is compared with others: composed, in small letters, with single spaces, without what cannot be seen.
/// `Müller`, `MU\u{308}LLER ` and `mÜller` are one.
#[must_use]
pub fn comparable(text: &str) -> String {
    let seen: String = text.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).nfc().collect();
    let small: String = seen.to_lowercase().nfc().collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_unseen(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace() || c.is_ascii_control();
    }
    // An empty braille cell and a note without a head have a shape by their category, and none on screen.
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{2800}' | '\u{1d159}')
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_characters_without_a_shape_shows_nothing() {
        for text in [
            "",
            " ",
            "\u{200b}",
            "\u{202e}",
            "\u{ad}",
            "\u{3164}",
            "\u{115f}",
            "\u{fe0f}",
            "\u{2060}",
            "\u{2800}",
            "\u{200b} \u{feff}\n\u{61c}",
            "\u{e0061}\u{180e}",
            "\u{ffa0}",
        ] {
            assert!(shows_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn letters_of_every_script_and_emoji_are_seen() {
        for text in
            ["a", "\u{200b}a", "李", "ा", "م", "👍", "👩🏽\u{200d}🚀", "#\u{fe0f}\u{20e3}", "🇦🇹", "❤\u{fe0f}", "-"]
        {
            assert!(!shows_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn what_differs_in_case_spaces_and_form_is_the_same() {
        for text in ["Müller", "MÜLLER", "Mu\u{308}ller", " mÜller\u{a0}", "Mül\u{ad}ler"] {
            assert_eq!(comparable(text), "müller", "{text:?}");
        }
        assert_eq!(comparable("Ada\u{a0}  King"), comparable("ada king"));
        assert_ne!(comparable("Muller"), comparable("Müller"));
        assert_ne!(comparable("Ada King"), comparable("AdaKing"));
    }
}
