//! The TOML file: its values become the defaults of the flags of the same names.

use std::path::{Path, PathBuf};

use clap::{Arg, Command};
use toml::{Table, Value};

/// Why the file cannot be used, in one sentence that names the place.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("the settings file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not TOML.
    #[error("the settings file {} is not TOML: {message}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// It has a key that is no setting.
    #[error("the settings file {} has the key `{key}`, which is no setting", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// A value does not fit.
    #[error("the settings file {} has a wrong value for `{key}`: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// Why.
        message: String,
    },
}

/// Gives every flag that the file names the file's value as its default. `settings` is the command that has all of them.
///
/// # Errors
/// The file cannot be read, is not TOML, has an unknown key or a value that its flag would not take.
pub fn with_file(command: Command, settings: &str, path: &Path) -> Result<Command, FileError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| FileError::Unreadable { path: path.to_owned(), source })?;
    let table: Table = toml::from_str(&text).map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        FileError::NotToml { path: path.to_owned(), message: format!("line {line}: {}", error.message()) }
    })?;
    let mut defaults = Vec::new();
    for (key, value) in table {
        let known = find(&command, &key).or_else(|| find(command.find_subcommand(settings)?, &key));
        let Some(arg) = known.filter(|_| key != "config") else {
            return Err(FileError::Unknown { path: path.to_owned(), key });
        };
        let wrong = |message: String| FileError::Wrong { path: path.to_owned(), key: key.clone(), message };
        let words =
            words(&value).ok_or_else(|| wrong("it is a text, a number, true, false or a list of these".to_owned()))?;
        let words = words.join(",");
        try_out(arg, &words).map_err(wrong)?;
        defaults.push((key, words));
    }
    Ok(defaults.into_iter().fold(command, |command, (key, words)| with_default(command, &key, &words)))
}

fn find<'a>(command: &'a Command, key: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| arg.get_id() == key)
}

fn words(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Boolean(yes) => Some(vec![yes.to_string()]),
        Value::Array(values) => values.iter().map(words).collect::<Option<Vec<_>>>().map(|lists| lists.concat()),
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

/// Runs one value through its flag, so that the file and the command line take the same ones.
fn try_out(arg: &Arg, words: &str) -> Result<(), String> {
    let flag = format!("--{}={words}", arg.get_long().unwrap_or_default());
    let alone = arg.clone().env(None::<&str>).default_value(None::<&str>);
    let outcome = Command::new("file").arg(alone).try_get_matches_from(["file", flag.as_str()]);
    outcome.map(drop).map_err(|error| {
        let error = if arg.is_hide_env_values_set() { super::without_value(error) } else { error };
        super::sentence(&error)
    })
}

fn with_default(command: Command, key: &str, words: &str) -> Command {
    let command = if find(&command, key).is_some() {
        command.mut_arg(key, |arg| match arg.get_value_delimiter() {
            Some(delimiter) => arg.default_values(words.split(delimiter).map(str::to_owned).collect::<Vec<_>>()),
            None => arg.default_value(words.to_owned()),
        })
    } else {
        command
    };
    command.mut_subcommands(|below| with_default(below, key, words))
}
