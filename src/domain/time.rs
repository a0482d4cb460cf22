//! Time as Hearback writes it: UTC, milliseconds.

use std::{borrow::Cow, fmt};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A moment in UTC with millisecond precision; in JSON RFC 3339 such as `2026-01-31T09:05:07.120Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that many milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// As [`Timestamp::from_unix_millis`], for what comes from outside: `None` outside of the years 1 to 9999 in UTC, which
    /// RFC 3339 cannot write.
    #[must_use]
    pub const fn at_millis(millis: i64) -> Option<Self> {
        // 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z.
        if millis >= -62_135_596_800_000 && millis <= 253_402_300_799_999 { Some(Self(millis)) } else { None }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// This moment moved by `delta`, held at the ends of what can be represented.
    #[must_use]
    pub const fn plus(self, delta: TimeDelta) -> Self {
        Self(self.0.saturating_add(delta.num_milliseconds()))
    }

    /// How long after `earlier` this moment is; negative when it is before.
    #[must_use]
    pub const fn since(self, earlier: Self) -> TimeDelta {
        TimeDelta::milliseconds(self.0 - earlier.0)
    }

    /// The same moment for calendars and time zones.
    #[must_use]
    pub fn to_datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// Date and time in UTC for a sentence: `31 Jan 2026, 09:05 UTC`.
    #[must_use]
    pub fn for_people(self) -> String {
        self.to_datetime().format("%-d %b %Y, %H:%M UTC").to_string()
    }
}

/// How long something takes, as people say it: `5 min`, `2 h 10 min`, `3 d 4 h`. The browser says it alike (`times.js`).
#[must_use]
pub fn span(time: TimeDelta) -> String {
    let minutes = time.num_minutes().max(0);
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, ..) => format!("{hours} h {rest} min"),
        (_, 0, _) => format!("{days} d"),
        _ => format!("{days} d {hours} h"),
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_datetime().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let moment = DateTime::parse_from_rfc3339(&text).map_err(D::Error::custom)?;
        Self::at_millis(moment.timestamp_millis())
            .ok_or_else(|| D::Error::custom("the moment is not within the years 1 to 9999"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_rfc_3339_writes_it() {
        let read = |text: &str| serde_json::from_value::<Timestamp>(text.into()).ok().map(|at| at.to_string());
        for text in ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "2026-01-31T09:05:07.120Z"] {
            assert_eq!(read(text).as_deref(), Some(text));
        }
        assert_eq!(read("2026-01-31T10:05:07+01:00").as_deref(), Some("2026-01-31T09:05:07.000Z"));
        for text in [
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "+262142-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-01-31",
            "2026-01-31T09:05:07",
            "soon",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_span_is_said_in_its_two_largest_units() {
        let said = [-3, 0, 59, 60, 61, 1_440, 1_441, 1_500, 6_000].map(|minutes| span(TimeDelta::minutes(minutes)));
        assert_eq!(said, ["0 min", "0 min", "59 min", "1 h", "1 h 1 min", "1 d", "1 d", "1 d 1 h", "4 d 4 h"]);
    }
}
