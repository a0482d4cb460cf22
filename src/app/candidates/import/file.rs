//! A file of comma-separated values as people's programs write it: encoding, separator and lines.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::ROWS;
use crate::domain::problem::Problem;

/// What is said of a file that was not written as UTF-8 or UTF-16.
const ANOTHER_ENCODING: &str =
    "The file is not UTF-8 and was read as Windows-1252. Check names with accents before you import it.";

/// A file as text.
#[derive(Debug)]
pub(super) struct Text {
    /// Without a byte order mark; lines end with LF alone.
    pub(super) text: String,
    /// What should be looked at before the rows are used.
    pub(super) warning: Option<&'static str>,
}

/// Rows below their headings.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) headings: csv::StringRecord,
    pub(super) separator: u8,
    /// Those that are not blank.
    pub(super) rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// The line of the file on which it begins; the first is 1.
    pub(super) line: u64,
    pub(super) cells: csv::StringRecord,
}

impl Text {
    /// Reads UTF-8, UTF-16 with a byte order mark, and Windows-1252.
    ///
    /// # Errors
    /// `invalid` on `file` for what is none of them; the message says what to do.
    pub(super) fn read(file: &[u8]) -> Result<Self, Problem> {
        let refused = || {
            let how =
                "The file cannot be read as text. In your spreadsheet program, save it as “CSV UTF-8” and try again.";
            Problem::invalid("file", how)
        };
        let (text, warning) = match (Encoding::for_bom(file), std::str::from_utf8(file)) {
            (Some((encoding, mark)), _) => {
                let (text, broken) = encoding.decode_without_bom_handling(&file[mark..]);
                if broken {
                    return Err(refused());
                }
                (text.into_owned(), None)
            }
            (None, Ok(text)) => (text.to_owned(), None),
            (None, Err(_)) => {
                let (text, _) = WINDOWS_1252.decode_without_bom_handling(file);
                // What that encoding leaves open is no letter of any text.
                if text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}')) {
                    return Err(refused());
                }
                (text.into_owned(), Some(ANOTHER_ENCODING))
            }
        };
        // UTF-16 without a mark reads as UTF-8 with a NUL at every other place; a single one is the fault of its row.
        if text.bytes().filter(|byte| *byte == 0).count() * 3 > text.len() {
            return Err(refused());
        }
        Ok(Self { text: text.replace("\r\n", "\n").replace('\r', "\n"), warning })
    }
}

impl Table {
    /// Reads headings and rows.
    ///
    /// # Errors
    /// `invalid` on `file` where there is no table or no row, `too_large` for more than 5,000 rows.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let (named, table) = separator_line(text);
        let separator = named.unwrap_or_else(|| separator_of(table));
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.delimiter(separator).flexible(true).has_headers(false).from_reader(table.as_bytes());
        let unreadable = |_| Problem::invalid("file", "The file is not a table of comma-separated values.");
        let mut lines = Lines { text: table, at: 0, line: if named.is_some() { 2 } else { 1 } };
        let mut records = reader.records();
        let headings = records.next().transpose().map_err(unreadable)?.unwrap_or_default();
        let mut rows = Vec::new();
        for cells in records {
            let cells = cells.map_err(unreadable)?;
            let line = lines.of(&cells);
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if rows.len() == ROWS {
                return Err(Problem::too_large("file", "A file has at most 5,000 rows."));
            }
            rows.push(Row { line, cells });
        }
        if rows.is_empty() {
            return Err(Problem::invalid("file", "The file has no rows below its headings."));
        }
        Ok(Self { headings, separator, rows })
    }
}

/// Counts the lines of a text as records come.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins; the reader's own position is before the blank lines that it leaves out.
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let before = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let blank = self.text[before..].bytes().take_while(|byte| *byte == b'\n').count();
        let breaks = self.text[self.at..before + blank].bytes().filter(|byte| *byte == b'\n').count();
        self.at = before + blank;
        self.line += u64::try_from(breaks).unwrap_or(u64::MAX);
        self.line
    }
}

/// The separator that a first line such as `sep=;` names, as Excel writes and reads it, and what follows that line.
fn separator_line(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = first.trim_matches(['"', ' ']).as_bytes();
    match named {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator @ (b',' | b';' | b'\t' | b'|')] => {
            (Some(*separator), rest)
        }
        _ => (None, text),
    }
}

/// The separator that comes most often between the headings; one inside of quotes is a part of a heading.
fn separator_of(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start_matches('\n').bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u64, String)> {
        let table = Table::read(&Text::read(text.as_bytes()).unwrap().text).unwrap();
        table.rows.iter().map(|row| (row.line, row.cells[0].to_owned())).collect()
    }

    #[test]
    fn a_row_has_the_number_of_its_line_in_the_file() {
        let expected = [(2, "Ada".to_owned()), (4, "B\no".to_owned()), (8, "Cy".to_owned())];
        for end in ["\n", "\r\n", "\r"] {
            let text = "name,email\nAda,a\n\n\"B\no\",b\n , \n\nCy,c\n".replace('\n', end);
            assert_eq!(lines(&text), expected, "{end:?}");
        }
        assert_eq!(lines("sep=;\nname;email\nAda;a\n"), [(3, "Ada".to_owned())]);
    }

    #[test]
    fn a_separator_is_the_one_between_the_headings() {
        for (text, separator) in [
            ("name,email\na,b\n", b','),
            ("name;email\na,b\n", b';'),
            ("name\temail;mail\tphone\na\n", b'\t'),
            ("\"last, first, middle\";email\na;b\n", b';'),
            ("\"name\n;;;\",email\na,b\n", b','),
            ("sep=;\nname,full;email\na;b\n", b';'),
            ("\"SEP=|\"\nname|email\na|b\n", b'|'),
            ("name\na\n", b','),
        ] {
            assert_eq!(Table::read(text).unwrap().separator, separator, "{text:?}");
        }
    }

    #[test]
    fn utf_16_and_windows_1252_are_read_and_what_is_no_text_is_refused() {
        let text = "name\nZoë Müller\n";
        let wide = |little: bool| -> Vec<u8> {
            let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
            units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        for file in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), wide(true), wide(false)] {
            let read = Text::read(&file).unwrap();
            assert_eq!((read.text.as_str(), read.warning), (text, None));
        }
        let old = Text::read(b"name\nZo\xeb M\xfcller \x80\n").unwrap();
        assert_eq!(old.text, "name\nZoë Müller €\n");
        assert!(old.warning.is_some());
        for file in
            [&b"name\nA\xff\x81\x8d\n"[..], b"\xff\xfen\0a", b"\xff\xfe\0\xd8", b"n\0a\0m\0e\0", b"\xef\xbb\xbf\xff"]
        {
            assert!(Text::read(file).is_err(), "{file:?}");
        }
    }
}
