//! Telephone numbers, however they are written.

use std::ops::Range;

use super::fold::Letter;

/// The fewest and the most digits of what is taken for a number.
const MIN_DIGITS: usize = 6;
const MAX_DIGITS: usize = 15;

/// The most signs between two digits of one number.
const MAX_BETWEEN: usize = 3;

/// A number in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phone {
    /// Its digits without zeros before them, so that national and international spellings end alike.
    pub digits: String,
    /// Which letters of the folded text it takes.
    pub letters: Range<usize>,
}

impl Phone {
    /// Whether one of two numbers ends with the other.
    pub fn ends_like(&self, digits: &str) -> bool {
        self.digits.ends_with(digits) || digits.ends_with(&self.digits)
    }
}

/// The numbers of a folded text.
pub(super) fn phones(folded: &[Letter]) -> Vec<Phone> {
    let mut phones = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let glued = at > 0 && folded[at - 1].letter.is_alphanumeric();
        if glued || !folded[at].letter.is_ascii_digit() {
            at += 1;
            continue;
        }
        let (digits, end) = number(folded, at);
        let is_word = folded.get(end).is_some_and(|next| next.letter.is_alphanumeric());
        let digits = digits.trim_start_matches('0');
        if !is_word && (MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()) {
            phones.push(Phone { digits: digits.to_owned(), letters: at..end });
        }
        at = end;
    }
    phones
}

/// The digits from a place on, and the place after the last of them.
fn number(folded: &[Letter], start: usize) -> (String, usize) {
    let (mut digits, mut end, mut between) = (String::new(), start, 0);
    let mut at = start;
    while let Some(letter) = folded.get(at) {
        let next = |by: usize| folded.get(at + by).map(|letter| letter.letter);
        match letter.letter {
            // The zero that is only dialled within the country.
            '(' if next(1) == Some('0') && next(2) == Some(')') && !digits.is_empty() => {
                at += 3;
                between = 0;
                continue;
            }
            c if c.is_ascii_digit() => {
                digits.push(c);
                between = 0;
                end = at + 1;
            }
            ' ' | '-' | '/' | '.' | '(' | ')' | '\u{2010}'..='\u{2013}' if between < MAX_BETWEEN => between += 1,
            _ => break,
        }
        at += 1;
    }
    (digits, end)
}

/// The ends of a number under each of which it is found.
pub(super) fn ends(digits: &str) -> impl Iterator<Item = &str> {
    (0..=digits.len().saturating_sub(MIN_DIGITS)).map(|from| &digits[from..])
}

#[cfg(test)]
mod tests {
    use super::{super::fold::fold, *};

    fn digits(text: &str) -> Vec<String> {
        phones(&fold(text)).into_iter().map(|phone| phone.digits).collect()
    }

    #[test]
    fn a_number_is_its_digits() {
        for text in ["0660/1234567", "(0660) 123-4567", "0660 123 45 67", "call 0660.123.45.67, please", "٠٦٦٠ ١٢٣٤٥٦٧"]
        {
            assert_eq!(digits(text), ["6601234567"], "{text}");
        }
        for text in ["+43 660 123 45 67", "0043 660 1234567", "+43 (0) 660 / 123 45 67", "+43-660-1234567"] {
            assert_eq!(digits(text), ["436601234567"], "{text}");
        }
    }

    #[test]
    fn what_is_short_long_or_part_of_a_word_is_none() {
        assert!(digits("12345, 1234567890123456789, a1234567, 1234567b").is_empty());
    }
}
