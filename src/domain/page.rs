//! A stretch of a stream or a list.

use super::problem::Problem;

/// Which messages, notes or announcements are asked for, by `seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The first ones after this `seq`.
    After(i64),
    /// The last ones before this `seq`.
    Before(i64),
}

impl Stretch {
    /// Makes an ascending answer of rows that were asked for in this direction, one more than `limit`; also tells
    /// whether there was one more.
    pub fn arrange<R, T: From<R>>(self, mut rows: Vec<R>, limit: Limit) -> (Vec<T>, bool) {
        let has_more = rows.len() > limit.get();
        rows.truncate(limit.get());
        if matches!(self, Self::Before(_)) {
            rows.reverse();
        }
        (rows.into_iter().map(T::from).collect(), has_more)
    }
}

/// How many at most: 1 to 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The most that one answer holds.
    pub const MAX: Self = Self(200);
    /// What is taken where nothing was asked for.
    pub const DEFAULT: Self = Self(50);

    /// Parses a limit.
    ///
    /// # Errors
    /// `invalid` on `limit` outside 1 to 200.
    pub fn parse(raw: i64) -> Result<Self, Problem> {
        match u16::try_from(raw) {
            Ok(limit @ 1..=200) => Ok(Self(limit)),
            _ => Err(Problem::invalid("limit", "A limit is from 1 to 200.")),
        }
    }

    /// The limit as a number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// One answer of a stream, ascending.
#[derive(Clone, Debug)]
pub struct StreamPage<T> {
    /// The items, ascending by `seq`.
    pub items: Vec<T>,
    /// The greatest `seq` of the whole stream.
    pub last_seq: i64,
    /// Whether more lie further in the direction asked for.
    pub has_more: bool,
}
