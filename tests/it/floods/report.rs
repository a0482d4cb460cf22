//! What came of a flood: a line of a table.

use std::{fmt::Write, fs::File, io::Write as _};

use super::{neighbour::Timing, stage::Level};

/// Above the lines.
const HEAD: &str = "\
flood                                                                      |  memory in MiB: new, before, peak, after |  % | descriptors   | tasks         | p99 of others' acks in ms: quiet, beside, here | here / beside";

pub struct Report<'a> {
    pub name: &'a str,
    /// Another organization's while all is quiet, while the server beside is flooded, and this one.
    pub acks: [Timing; 3],
    /// Of a server that has done nothing.
    pub fresh: Level,
    pub before: Level,
    /// Right after the last flood.
    pub peak: Level,
    pub after: Level,
}

impl Report<'_> {
    /// Prints it, and adds it to the table in the file that `HEARBACK_TABLE` names.
    pub fn tell(&self) {
        let line = self.line();
        println!("{HEAD}\n{line}");
        if let Ok(table) = std::env::var("HEARBACK_TABLE") {
            let mut table = File::options().create(true).append(true).open(table).unwrap();
            let head = if table.metadata().unwrap().len() == 0 { HEAD } else { "" };
            table.write_all(format!("{head}{}{line}\n", if head.is_empty() { "" } else { "\n" }).as_bytes()).unwrap();
        }
    }

    fn line(&self) -> String {
        let Self { name, acks: [quiet, beside, here], fresh, before, peak, after } = self;
        let mut line = format!("{name:74} |");
        for level in [fresh, before, peak, after] {
            write!(line, " {:9.1}", level.mebibytes()).unwrap();
        }
        let share = after.mebibytes() / before.mebibytes() * 100.0;
        write!(
            line,
            "  | {share:3.0} | {:5} → {:5} | {:5} → {:5}",
            before.descriptors, after.descriptors, before.tasks, after.tasks
        )
        .unwrap();
        for timing in [quiet, beside, here] {
            write!(line, " {:>14.1}", timing.p99.as_secs_f64() * 1e3).unwrap();
        }
        write!(line, "     | {:.2}", here.p99.as_secs_f64() / beside.p99.as_secs_f64()).unwrap();
        line
    }
}
