//! What is looked for.

use super::{
    MAX_LETTERS,
    fold::{Letter, fold},
    phone::{ends, phones},
    pieces::{Piece, is_korean, pieces, text, without_article},
    terms::{ENDS, WHOLE},
};

/// How many words of a query count.
const MAX_WORDS: usize = 8;
/// How many terms of a query count.
const MAX_TERMS: usize = 40;

/// A query; each of its groups has to be met.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The groups; at most eight.
    pub groups: Vec<Group>,
    /// What is to be marked in what was found.
    pub(super) needles: Vec<Needle>,
}

/// Something to be found in one of several ways.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Each is met by a text that has all its terms.
    pub ways: Vec<Vec<Term>>,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Letters and digits, without anything that is syntax to either engine.
    pub text: String,
    /// How much of a text's term it has to be.
    pub reach: Reach,
}

/// How much of a text's term a term of a query has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of it.
    Whole,
    /// Its beginning.
    Start,
    /// All of it, and its beginning where few texts have that.
    WholeThenStart,
}

/// What is marked.
#[derive(Clone, Debug)]
pub(super) enum Needle {
    /// A word, or what a word begins with.
    Word(String, Reach),
    /// Letters that follow each other, of a script without spaces.
    Run(String),
    /// A telephone number's digits.
    Phone(String),
}

impl Query {
    /// Reads what somebody typed; at most eight words of 50 letters each. What folds to nothing is no word.
    pub fn parse(typed: &str) -> Self {
        let folded = fold(typed);
        let phones = phones(&folded);
        let mut query = Self::default();
        let mut pieces = pieces(&folded);
        pieces.truncate(MAX_WORDS);
        let count = pieces.len();
        let mut left = MAX_TERMS;
        let mut at = 0;
        while at < count {
            let place = pieces[at].letters[0].from;
            let phone = phones.iter().find(|phone| folded[phone.letters.start].from == place);
            let end = phone.map_or(at + 1, |phone| {
                let last = folded[phone.letters.end - 1].to;
                at + pieces[at..].iter().take_while(|piece| piece.letters[0].from < last).count()
            });
            let mut ways = vec![Vec::new()];
            for (number, piece) in (at..end).zip(&pieces[at..end]) {
                query.add(piece, number + 1 == count, &mut ways);
            }
            if let Some(phone) = phone {
                ways.extend(ways_to_call(&phone.digits));
                query.needles.push(Needle::Phone(phone.digits.clone()));
            }
            ways.iter_mut().for_each(|way| way.truncate(left));
            left -= ways.iter().map(Vec::len).max().unwrap_or(0);
            ways.retain(|way| !way.is_empty());
            if !ways.is_empty() {
                query.groups.push(Group { ways });
            }
            at = end;
        }
        query
    }

    /// Whether there is nothing to look for.
    pub const fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds a piece to each of the ways, and to what is marked.
    fn add(&mut self, piece: &Piece, is_last: bool, ways: &mut Vec<Vec<Term>>) {
        let letters = &piece.letters[..piece.letters.len().min(MAX_LETTERS)];
        if let Some(length) = piece.gram {
            ways.iter_mut().for_each(|way| way.extend(run(letters, length)));
            self.needles.push(Needle::Run(text(letters)));
            return;
        }
        let reach = match is_last {
            _ if letters.iter().any(|letter| is_korean(letter.letter)) => Reach::Start,
            true => Reach::WholeThenStart,
            false => Reach::Whole,
        };
        let others: Vec<_> = without_article(letters)
            .map(|rest| {
                let term = Term { text: text(rest), reach };
                self.needles.push(Needle::Word(term.text.clone(), reach));
                ways.iter().cloned().map(|way| [way, vec![term.clone()]].concat()).collect()
            })
            .unwrap_or_default();
        let term = Term { text: text(letters), reach };
        self.needles.push(Needle::Word(term.text.clone(), reach));
        ways.iter_mut().for_each(|way| way.push(term.clone()));
        ways.extend(others);
    }
}

/// The terms of letters that follow each other.
fn run(letters: &[Letter], length: usize) -> Vec<Term> {
    if letters.len() < length {
        return vec![Term { text: text(letters), reach: Reach::Start }];
    }
    letters.windows(length).map(|letters| Term { text: text(letters), reach: Reach::Whole }).collect()
}

/// A number that ends with the one that is looked for, or with which it ends.
fn ways_to_call(digits: &str) -> impl Iterator<Item = Vec<Term>> {
    let term = |mark: char, digits: &str| vec![Term { text: format!("{mark}{digits}"), reach: Reach::Whole }];
    std::iter::once(term(ENDS, digits)).chain(ends(digits).skip(1).map(move |end| term(WHOLE, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(typed: &str) -> Vec<Vec<Vec<String>>> {
        let groups = Query::parse(typed).groups.into_iter();
        groups
            .map(|group| {
                let ways = group.ways.into_iter();
                ways.map(|way| way.into_iter().map(|term| term.text).collect()).collect()
            })
            .collect()
    }

    #[test]
    fn a_query_is_cut_as_texts_are() {
        assert_eq!(texts("Straße MÜLL"), [[["strasse"]], [["mull"]]]);
        assert_eq!(texts("面试官"), [[["面试", "试官"]]]);
        assert!(Query::parse(" \u{345} \u{93e} … ").is_empty());
        assert_eq!(texts("a \u{345}"), [[["a"]]]);
    }

    #[test]
    fn a_number_is_found_by_its_end() {
        let ways = texts("0660 1234567").concat();
        assert_eq!(ways[0], ["0660", "1234567"]);
        assert!(ways.contains(&vec!["☎6601234567".to_owned()]), "{ways:?}");
        assert!(texts("+43 660 1234567").concat().contains(&vec!["☏6601234567".to_owned()]));
    }

    #[test]
    fn a_query_is_bounded() {
        for typed in ["试".repeat(10_000), "a ".repeat(10_000), "123456 ".repeat(1_000), "المقابلة ".repeat(100)]
        {
            let query = Query::parse(&typed);
            assert!(query.groups.len() <= 8);
            let terms: usize = query.groups.iter().flat_map(|group| &group.ways).map(Vec::len).sum();
            assert!(terms <= 2_000, "{terms}");
        }
    }
}
