//! Which column of a file is what.

use super::{ROWS, RowOutcome, RowResult};
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

/// Reads the headings and all rows that are not blank.
pub(super) fn read(file: &[u8]) -> Result<(Columns, Vec<csv::StringRecord>), Problem> {
    let text = std::str::from_utf8(file).map_err(|_| Problem::invalid("file", "The file is not text in UTF-8."))?;
    let text = text.trim_start_matches('\u{feff}');
    let heading = text.lines().next().unwrap_or_default();
    let count = |separator: u8| heading.bytes().filter(|byte| *byte == separator).count();
    let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let unreadable = |_| Problem::invalid("file", "The file is not a table of comma-separated values.");
    let columns = Columns::find(reader.headers().map_err(unreadable)?.clone(), separator)?;
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if records.len() == ROWS {
            return Err(Problem::too_large("file", "A file has at most 5,000 rows."));
        }
        records.push(record);
    }
    if records.is_empty() {
        return Err(Problem::invalid("file", "The file has no rows below its headings."));
    }
    Ok((columns, records))
}

impl Columns {
    fn find(headings: csv::StringRecord, separator: u8) -> Result<Self, Problem> {
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
            headings,
            separator,
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

    /// The profile of a row; of several addresses or numbers in one cell, the first.
    pub(super) fn profile(&self, record: &csv::StringRecord) -> Result<Profile, Problem> {
        let first_of = |text: &'_ str, ends: fn(char) -> bool| -> Option<String> {
            text.split(ends).map(str::trim).find(|part| !part.is_empty()).map(str::to_owned)
        };
        let email = cell(record, &self.email).and_then(|text| first_of(text, |c| matches!(c, ',' | ';' | '|' | ' ')));
        let phone = cell(record, &self.phone).and_then(|text| first_of(text, |c| matches!(c, ',' | ';' | '|')));
        Profile::parse(RawProfile {
            name: &self.name(record),
            email: email.as_deref(),
            phone: phone.as_deref(),
            locale: cell(record, &self.locale),
            time_zone: cell(record, &self.time_zone),
            external_id: cell(record, &self.external),
        })
    }

    /// The rejected rows with their reasons, as a file.
    pub(super) fn rejected(
        &self,
        records: &[csv::StringRecord],
        rows: &[RowResult],
    ) -> Result<Option<String>, Problem> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.separator).flexible(true).from_writer(Vec::new());
        let mut any = false;
        writer.write_record(self.headings.iter().chain(["problem"]).map(inert)).map_err(Problem::internal)?;
        for (record, row) in records.iter().zip(rows) {
            let RowOutcome::Rejected(problem) = &row.outcome else { continue };
            any = true;
            let padding = std::iter::repeat_n("", self.headings.len().saturating_sub(record.len()));
            let cells = record.iter().chain(padding).chain([problem.message.as_ref()]);
            writer.write_record(cells.map(inert)).map_err(Problem::internal)?;
        }
        let bytes = writer.into_inner().map_err(|error| Problem::internal(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(Problem::internal)?;
        Ok(any.then_some(text))
    }
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
            let (columns, records) = read(file.as_bytes()).unwrap();
            let profile = columns.profile(&records[0]).unwrap();
            assert_eq!(&*profile.name, "Ada Lovelace");
            assert_eq!(profile.email.unwrap().as_str(), "ada@example.com");
            assert_eq!(&*profile.phone.unwrap(), "+43 1 234");
        }
    }
}
