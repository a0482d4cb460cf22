//! Commands of the real program, run to their end.

use std::{
    fs::{self, File},
    path::Path,
    process::Command,
};

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a command on a data folder to its end, with variables and what it reads.
pub async fn command_with(folder: &Path, line: &[&str], variables: &[(&str, &str)], input: &str) -> Said {
    let mut command = program(folder);
    let given = tempfile::NamedTempFile::new().unwrap();
    fs::write(given.path(), input).unwrap();
    command.args(line).envs(variables.iter().copied()).stdin(File::open(given.path()).unwrap());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a command on a data folder to its end.
pub async fn command(folder: &Path, line: &[&str]) -> Said {
    command_with(folder, line, &[], "").await
}

/// As [`command`], where it must go well; gives what it printed.
pub async fn done(folder: &Path, line: &[&str]) -> String {
    let said = command(folder, line).await;
    assert_eq!(said.code, Some(0), "{line:?}: {said:?}");
    said.out
}

/// As [`command`], where it must be refused; gives the one sentence that says why.
pub async fn refused(folder: &Path, line: &[&str]) -> String {
    let said = command(folder, line).await;
    said.sentence()
}

impl Said {
    /// The one sentence of a refusal.
    pub fn sentence(self) -> String {
        assert!(self.code.is_some_and(|code| code != 0), "{self:?}");
        let lines: Vec<&str> = self.err.lines().collect();
        let [line] = lines[..] else { panic!("not one sentence: {self:?}") };
        assert!(self.out.is_empty(), "{self:?}");
        line.strip_prefix("hearback: ").unwrap_or_else(|| panic!("{line}")).to_owned()
    }
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearback"));
    command.env("HEARBACK_DATA_DIR", folder);
    command
}
