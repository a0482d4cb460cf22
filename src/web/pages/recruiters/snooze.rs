//! Until when a conversation is set aside.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::domain::{problem::Problem, time::Timestamp};

/// The moment that a preset means at `now`; `None` for "until they reply". Days and times of day are those of `zone`, an
/// IANA name that the browser knows; without one they are UTC's, as the page then says.
pub fn until(preset: &str, at: Option<&str>, zone: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let zone = zone.and_then(|name| name.parse::<Tz>().ok()).unwrap_or(Tz::UTC);
    let today = now.to_datetime().with_timezone(&zone).date_naive();
    let on = |days: u64| today.checked_add_days(Days::new(days)).and_then(|day| moment(zone, nine(day)));
    match preset {
        "1h" => Ok(Some(now.plus(TimeDelta::hours(1)))),
        "tomorrow" => Ok(on(1)),
        "next_week" => Ok(on(7 - u64::from(today.weekday().num_days_from_monday()))),
        "reply" => Ok(None),
        "custom" => {
            let then = at
                .and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok())
                .and_then(|there| moment(zone, there))
                .filter(|moment| *moment > now);
            then.map(Some).ok_or_else(|| Problem::invalid("snooze_at", "Choose a time that is still to come."))
        }
        _ => Err(Problem::invalid("snooze", "Choose how long to set it aside.")),
    }
}

fn nine(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default())
}

/// The moment at which a clock there shows this. A time that a clock change leaves out is the one an hour later.
fn moment(zone: Tz, there: NaiveDateTime) -> Option<Timestamp> {
    let found = zone.from_local_datetime(&there).earliest();
    let found = found.or_else(|| zone.from_local_datetime(&there.checked_add_signed(TimeDelta::hours(1))?).earliest());
    found.map(|moment| Timestamp::from(moment.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-01-31T09:05:07Z, a Saturday.
    const NOW: Timestamp = Timestamp::from_unix_millis(1_769_850_307_000);

    fn at(preset: &str, text: Option<&str>) -> Option<String> {
        until(preset, text, None, NOW).unwrap().map(|moment| moment.to_string())
    }

    #[test]
    fn presets_mean_what_they_say() {
        assert_eq!(at("1h", None).as_deref(), Some("2026-01-31T10:05:07.000Z"));
        assert_eq!(at("tomorrow", None).as_deref(), Some("2026-02-01T09:00:00.000Z"));
        assert_eq!(at("next_week", None).as_deref(), Some("2026-02-02T09:00:00.000Z"));
        assert_eq!(at("reply", None), None);
        assert_eq!(at("custom", Some("2026-02-01T07:30")).as_deref(), Some("2026-02-01T07:30:00.000Z"));
    }

    #[test]
    fn days_and_times_are_those_of_the_browsers_zone() {
        let at = |preset, text, zone, now| until(preset, text, Some(zone), now).unwrap().map(|then| then.to_string());
        let evening = Timestamp::from_unix_millis(1_769_900_400_000); // 2026-01-31T23:00:00Z
        assert_eq!(at("tomorrow", None, "Europe/Berlin", evening).as_deref(), Some("2026-02-02T08:00:00.000Z"));
        assert_eq!(at("tomorrow", None, "America/New_York", evening).as_deref(), Some("2026-02-01T14:00:00.000Z"));
        let left_out = at("custom", Some("2026-03-29T02:30"), "Europe/Berlin", NOW);
        assert_eq!(left_out.as_deref(), Some("2026-03-29T01:30:00.000Z"), "a clock change leaves 2:30 out");
        assert_eq!(at("tomorrow", None, "Nowhere/Land", NOW).as_deref(), Some("2026-02-01T09:00:00.000Z"));
    }

    #[test]
    fn the_past_and_nonsense_are_refused() {
        for (preset, text) in
            [("custom", Some("2020-01-01T00:00")), ("custom", Some("soon")), ("custom", None), ("", None)]
        {
            assert!(until(preset, text, None, NOW).is_err(), "{preset} {text:?}");
        }
    }
}
