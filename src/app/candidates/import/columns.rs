//! Which column of a file is what.

use super::{
    RowOutcome, RowResult,
    file::{Row, Table},
};
use crate::domain::{
    candidate::{Profile, RawProfile},
    problem::Problem,
    text::inert,
};

/// What the columns are called, without case, spaces and signs; the better name first.
const NAME: &[&str] = &["name", "fullname", "candidatename", "candidate", "displayname", "contactname"];
const FIRST: &[&str] = &["firstname", "first", "givenname", "forename"];
const LAST: &[&str] = &["lastname", "last", "surname", "familyname"];
const EMAIL: &[&str] =
    &["email", "emailaddress", "email1", "emails", "emailaddresses", "primaryemail", "personalemail", "mail", "email2"];
const PHONE: &[&str] = &[
    "phone",
    "phonenumber",
    "phonecell",
    "mobile",
    "mobilephone",
    "cellphone",
    "phones",
    "phonenumbers",
    "telephone",
    "phonehome",
    "phonework",
];
const LOCALE: &[&str] = &["locale", "language", "lang"];
const TIME_ZONE: &[&str] = &["timezone", "tz"];
const EXTERNAL: &[&str] = &["externalid", "candidateid", "identifier", "personid", "contactid", "id"];

/// The columns of one file.
pub(super) struct Columns {
    headings: csv::StringRecord,
    separator: u8,
    name: Vec<usize>,
    first: Vec<usize>,
    last: Vec<usize>,
    email: Vec<usize>,
    phone: Vec<usize>,
    locale: Vec<usize>,
    time_zone: Vec<usize>,
    external: Vec<usize>,
}

impl Columns {
    /// Finds what the headings of a table name.
    ///
    /// # Errors
    /// `invalid` on `file` where none of them is a name.
    pub(super) fn find(table: &Table) -> Result<Self, Problem> {
        let headings = &table.headings;
        let plain = |heading: &str| -> String {
            heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let all: Vec<String> = headings.iter().map(plain).collect();
        let places = |names: &[&str]| -> Vec<usize> {
            names.iter().filter_map(|name| all.iter().position(|heading| heading == name)).collect()
        };
        let (name, first, last) = (places(NAME), places(FIRST), places(LAST));
        if name.is_empty() && first.is_empty() && last.is_empty() {
            return Err(Problem::invalid("file", "No column of the file is called name, or first name and last name."));
        }
        Ok(Self {
            name,
            first,
            last,
            email: places(EMAIL),
            phone: places(PHONE),
            locale: places(LOCALE),
            time_zone: places(TIME_ZONE),
            external: places(EXTERNAL),
            headings: headings.clone(),
            separator: table.separator,
        })
    }

    /// The name as it stands in a row.
    pub(super) fn name(&self, record: &csv::StringRecord) -> String {
        match cell(record, &self.name) {
            Some(name) => name.to_owned(),
            None => [cell(record, &self.first), cell(record, &self.last)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    /// The profile of a row, and what was left out of it; of several addresses or numbers in one cell, the first.
    pub(super) fn profile(&self, record: &csv::StringRecord) -> (Result<Profile, Problem>, Vec<String>) {
        let first_of = |text: &'_ str, ends: fn(char) -> bool| -> Option<String> {
            text.split(ends).map(str::trim).find(|part| !part.is_empty()).map(str::to_owned)
        };
        let mut warnings = Vec::new();
        let mut unspoiled = |what: &str, text: Option<&str>| -> Option<String> {
            let (spoiled, sound) =
                text?.split([';', '|']).map(str::trim).partition::<Vec<_>, _>(|part| is_spoiled(part));
            if let Some(number) = spoiled.first() {
                warnings.push(format!(
                    "The {what} {number} was changed by a spreadsheet program and is left out. Format the column as text \
                     and export the file again."
                ));
            }
            sound.into_iter().find(|part| !part.is_empty()).map(str::to_owned)
        };
        let phone = unspoiled("phone number", cell(record, &self.phone));
        let phone = phone.and_then(|text| first_of(&text, |c| c == ','));
        let external = cell(record, &self.external);
        let external = external.filter(|text| !is_spoiled(text) || unspoiled("id", Some(text)).is_some());
        let email = cell(record, &self.email).and_then(|text| first_of(text, |c| matches!(c, ',' | ';' | '|' | ' ')));
        let profile = Profile::parse(RawProfile {
            name: &self.name(record),
            email: email.as_deref(),
            phone: phone.as_deref(),
            locale: cell(record, &self.locale),
            time_zone: cell(record, &self.time_zone),
            external_id: external,
        });
        (profile, warnings)
    }

    /// The rejected rows with their reasons, as a file.
    pub(super) fn rejected(&self, records: &[Row], rows: &[RowResult]) -> Result<Option<String>, Problem> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.separator).flexible(true).from_writer(Vec::new());
        let mut any = false;
        writer.write_record(self.headings.iter().chain(["problem"]).map(inert)).map_err(Problem::internal)?;
        for (record, row) in records.iter().zip(rows) {
            let RowOutcome::Rejected(problem) = &row.outcome else { continue };
            any = true;
            let padding = std::iter::repeat_n("", self.headings.len().saturating_sub(record.cells.len()));
            let cells = record.cells.iter().chain(padding).chain([problem.message.as_ref()]);
            writer.write_record(cells.map(inert)).map_err(Problem::internal)?;
        }
        let bytes = writer.into_inner().map_err(|error| Problem::internal(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(Problem::internal)?;
        Ok(any.then_some(text))
    }
}

/// Whether a spreadsheet program took a long number for one to calculate with, as in `4,36601E+11`: its digits are lost.
fn is_spoiled(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let number = number.strip_prefix(['+', '-']).unwrap_or(number);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = number.split_once([',', '.']);
    let digits = whole.map_or_else(|| is_number(number), |(whole, part)| is_number(whole) && is_number(part));
    digits && exponent.strip_prefix(['+', '-']).is_some_and(is_number)
}

/// The first of these cells that is not blank, without the sign that [`inert`] puts before some.
fn cell<'r>(record: &'r csv::StringRecord, places: &[usize]) -> Option<&'r str> {
    let text = places.iter().filter_map(|place| record.get(*place)).map(str::trim).find(|text| !text.is_empty())?;
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => Some(rest),
        _ => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_known_programs_are_understood() {
        for file in [
            "id,name,email,phone_number\n7,Ada Lovelace,ada@example.com,+43 1 234\n",
            "first_name;last_name;phone_cell;email1\nAda;Lovelace;+43 1 234;ada@example.com\n",
            "\u{feff}First Name,Last Name,Phone Numbers,Email Addresses\nAda,Lovelace,'+43 1 234,\"ada@example.com, a@b.org\"\n",
        ] {
            let table = Table::read(file.trim_start_matches('\u{feff}')).unwrap();
            let (profile, warnings) = Columns::find(&table).unwrap().profile(&table.rows[0].cells);
            let profile = profile.unwrap();
            assert!(warnings.is_empty(), "{warnings:?}");
            assert_eq!(&*profile.name, "Ada Lovelace");
            assert_eq!(profile.email.unwrap().as_str(), "ada@example.com");
            assert_eq!(&*profile.phone.unwrap(), "+43 1 234");
        }
    }

    #[test]
    fn a_number_that_a_spreadsheet_spoiled_is_left_out_and_said() {
        let read = |phone: &str, id: &str| {
            let table = Table::read(&format!("name;phone;id\nAda;\"{phone}\";{id}\n")).unwrap();
            let (profile, warnings) = Columns::find(&table).unwrap().profile(&table.rows[0].cells);
            let profile = profile.unwrap();
            (profile.phone.as_deref().map(str::to_owned), profile.external_id.is_some(), warnings.len())
        };
        for spoiled in ["4,36601E+11", "4.36601E+11", "4,4E+10", "-1E-05", "4e+11"] {
            assert_eq!(read(spoiled, "7"), (None, true, 1), "{spoiled}");
            assert_eq!(read("", spoiled), (None, false, 1), "{spoiled}");
        }
        assert_eq!(read("4,36601E+11; +43 1 234", "7"), (Some("+43 1 234".to_owned()), true, 1));
        for sound in ["+43 1 234", "0043 1 234", "12E5", "E+11", "1,2,3E+4"] {
            assert_eq!(read(sound, "EMP+1").2, 0, "{sound}");
        }
    }
}
