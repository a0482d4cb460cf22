//! Until when a conversation is set aside.

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, TimeDelta};

use crate::domain::{problem::Problem, time::Timestamp};

/// The moment that a preset means at `now`; `None` for "until they reply". Days begin in UTC, as the page says.
pub fn until(preset: &str, at: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let today = now.to_datetime().date_naive();
    let morning = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let on =
        |days: u64| today.checked_add_days(Days::new(days)).map(|day| Timestamp::from(day.and_time(morning).and_utc()));
    match preset {
        "1h" => Ok(Some(now.plus(TimeDelta::hours(1)))),
        "tomorrow" => Ok(on(1)),
        "next_week" => Ok(on(7 - u64::from(today.weekday().num_days_from_monday()))),
        "reply" => Ok(None),
        "custom" => {
            let moment = at
                .and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok())
                .map(|moment| Timestamp::from(moment.and_utc()))
                .filter(|moment| *moment > now);
            moment.map(Some).ok_or_else(|| Problem::invalid("snooze_at", "Choose a time that is still to come."))
        }
        _ => Err(Problem::invalid("snooze", "Choose how long to set it aside.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-01-31T09:05:07Z, a Saturday.
    const NOW: Timestamp = Timestamp::from_unix_millis(1_769_850_307_000);

    fn at(preset: &str, text: Option<&str>) -> Option<String> {
        until(preset, text, NOW).unwrap().map(|moment| moment.to_string())
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
    fn the_past_and_nonsense_are_refused() {
        for (preset, text) in
            [("custom", Some("2020-01-01T00:00")), ("custom", Some("soon")), ("custom", None), ("", None)]
        {
            assert!(until(preset, text, NOW).is_err(), "{preset} {text:?}");
        }
    }
}
