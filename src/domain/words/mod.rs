//! Words as the search compares them: one way of folding and cutting texts, for what is stored and for what is looked for.

mod fold;
mod highlight;
mod phone;
mod pieces;
mod query;
mod terms;

pub use self::{
    highlight::{Segment, segments},
    query::{Group, Query, Reach, Term},
    terms::terms,
};

/// The most letters of a word that count, in a text and in a query.
const MAX_LETTERS: usize = 50;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn whatever_is_typed_marks_parts_of_the_text_and_ends(text in "\\PC{0,300}", typed in "\\PC{0,60}") {
            let shown = segments(&text, &Query::parse(&typed));
            let all: String = shown.iter().map(|segment| segment.text.as_str()).collect();
            prop_assert!(text.contains(all.trim_matches('…')) || text.contains('…'));
        }

        #[test]
        fn a_text_is_found_and_marked_by_each_of_its_first_words(text in "[\\p{L}\\p{M}\\p{N} ]{1,60}") {
            let query = Query::parse(&text);
            let (terms, shown) = (terms(&text, None), segments(&text, &query));
            for group in &query.groups {
                let has = |term: &Term| terms.split(' ').any(|other| other == term.text);
                prop_assert!(group.ways.iter().any(|way| way.iter().all(has)), "{group:?} in {terms}");
            }
            prop_assert!(query.is_empty() || shown.iter().any(|segment| segment.is_hit));
        }
    }
}
