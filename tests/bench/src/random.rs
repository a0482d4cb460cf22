//! Repeatable randomness: texts of ordinary words, and ids.

use std::time::UNIX_EPOCH;

use uuid::Uuid;

const WORDS: &[&str] = &[
    "application",
    "interview",
    "tomorrow",
    "thank",
    "you",
    "for",
    "the",
    "quick",
    "answer",
    "I",
    "would",
    "like",
    "to",
    "know",
    "whether",
    "position",
    "is",
    "still",
    "open",
    "my",
    "documents",
    "are",
    "attached",
    "next",
    "week",
    "works",
    "best",
    "me",
    "on",
    "Tuesday",
    "after",
    "two",
    "could",
    "we",
    "talk",
    "about",
    "salary",
    "and",
    "team",
    "start",
    "date",
    "notice",
    "period",
    "remote",
    "office",
    "Berlin",
    "train",
    "phone",
    "number",
    "again",
    "kind",
    "regards",
];

/// A generator after Steele, Lea and Flood (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The same seed gives the same numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    /// A text of ordinary words, of exactly that many bytes.
    pub fn text(&mut self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 16);
        while text.len() < bytes {
            text.push_str(WORDS[self.below(WORDS.len())]);
            text.push(' ');
        }
        text.truncate(bytes - 1);
        text.push('.');
        text
    }

    /// A new id as Hearback's pages make them: of version 7, which begins with the time.
    pub fn uuid(&mut self) -> Uuid {
        let bytes = (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes();
        let millis = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
        let millis = u64::try_from(millis).unwrap_or(u64::MAX);
        uuid::Builder::from_unix_timestamp_millis(millis, bytes.first_chunk().expect("ten of sixteen")).into_uuid()
    }
}
