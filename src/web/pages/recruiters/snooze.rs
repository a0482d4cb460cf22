//! Until when a conversation is set aside.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::domain::{problem::Problem, time::Timestamp, zone::Zone};

/// The moment that a preset means at `now`; `None` for "until they reply". Days and times of day are those of `zone`, an
/// IANA name that the browser knows; without one they are UTC's, as the page then says.
///
/// # Errors
/// `invalid` for a time in the past, and for a zone that is not known where the time depends on it.
pub fn until(preset: &str, at: Option<&str>, zone: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    match preset {
        "1h" => return Ok(Some(now.plus(TimeDelta::hours(1)))),
        "reply" => return Ok(None),
        "tomorrow" | "next_week" | "custom" => {}
        _ => return Err(Problem::invalid("snooze", "Choose how long to set it aside.")),
    }
    let zone = zone.filter(|name| !name.trim().is_empty()).map_or(Ok(Zone::UTC), known)?;
    let today = zone.local(now).date();
    let then = match preset {
        "tomorrow" => nine(today, 1),
        "next_week" => nine(today, 7 - u64::from(today.weekday().num_days_from_monday())),
        _ => at.and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()),
    };
    let then = then.and_then(|local| zone.moment(local)).filter(|moment| *moment > now);
    then.map(Some).ok_or_else(|| Problem::invalid("snooze_at", "Choose a time that is still to come."))
}

fn known(name: &str) -> Result<Zone, Problem> {
    let unknown = "We don't know your browser's time zone. Snooze for one hour or until they reply instead.";
    Zone::find(name).ok_or_else(|| Problem::invalid("zone", unknown))
}

fn nine(today: NaiveDate, days: u64) -> Option<NaiveDateTime> {
    Some(today.checked_add_days(Days::new(days))?.and_time(NaiveTime::from_hms_opt(9, 0, 0)?))
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
    }

    #[test]
    fn nine_in_the_morning_stays_nine_over_a_clock_change() {
        let at = |preset, zone, now| until(preset, None, Some(zone), now).unwrap().map(|then| then.to_string());
        let friday = Timestamp::from_unix_millis(1_774_641_600_000); // 2026-03-27T20:00:00Z
        assert_eq!(at("next_week", "Europe/Vienna", friday).as_deref(), Some("2026-03-30T07:00:00.000Z"));
        let saturday = friday.plus(TimeDelta::days(1));
        assert_eq!(at("tomorrow", "Europe/Vienna", saturday).as_deref(), Some("2026-03-29T07:00:00.000Z"));
        // British Columbia changes no clocks since 2026.
        let halloween = Timestamp::from_unix_millis(1_793_480_400_000); // 2026-10-31T21:00:00Z
        assert_eq!(at("tomorrow", "America/Vancouver", halloween).as_deref(), Some("2026-11-01T16:00:00.000Z"));
        assert_eq!(at("tomorrow", "America/New_York", halloween).as_deref(), Some("2026-11-01T14:00:00.000Z"));
    }

    #[test]
    fn a_zone_that_is_not_known_is_refused_where_the_time_depends_on_it() {
        for preset in ["tomorrow", "next_week", "custom"] {
            let problem = until(preset, Some("2026-02-01T07:30"), Some("Nowhere/Land"), NOW).unwrap_err();
            assert_eq!(problem.field.as_deref(), Some("zone"), "{preset}");
        }
        for preset in ["1h", "reply"] {
            assert!(until(preset, None, Some("Nowhere/Land"), NOW).is_ok(), "{preset}");
        }
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
