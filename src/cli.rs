//! The command line.

mod beside;
mod check;
mod copy;
mod export;
mod manage;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

use crate::{
    config::{self, Common, Config, Serving},
    telemetry,
};

/// Messaging between recruiters and candidates in which no candidate's message is lost, overlooked or answered twice
#[derive(Debug, Parser)]
#[command(name = "hearback", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Serving),
    /// Bring the database up to date (serve does it too)
    Migrate,
    /// Look at settings, database, versions and disk: a line each; exit code 1 when one is bad
    Check(Serving),
    /// Manage organizations
    #[command(subcommand)]
    Org(manage::Org),
    /// Manage users
    #[command(subcommand)]
    User(manage::User),
    /// Manage API tokens
    #[command(subcommand)]
    Token(manage::Token),
    /// Write a consistent copy of an SQLite installation, which may be running
    Backup {
        /// The copy; must not exist yet
        file: PathBuf,
    },
    /// Put a copy in place of the SQLite database; the server must not be running
    Restore {
        /// The copy
        file: PathBuf,
        /// Replace a database that is there; it is kept beside the new one
        #[arg(long)]
        replace: bool,
    },
    /// Write everything of one organization, as JSON Lines in a ZIP archive
    Export {
        /// The organization
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// The archive; must not exist yet
        file: PathBuf,
    },
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(stop) => return stop,
    };
    telemetry::start(&cli.common.log, cli.common.log_format);
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")
        .and_then(|runtime| runtime.block_on(run(cli)));
    outcome.unwrap_or_else(|error| {
        eprintln!("hearback: {}", causes(&error));
        ExitCode::FAILURE
    })
}

/// Parses the command line; when it names a settings file, once more with the file's values as defaults.
fn parse() -> Result<Cli, ExitCode> {
    let first = read(Cli::command())?;
    let Some(path) = &first.common.config else { return Ok(first) };
    let command = config::with_file(Cli::command(), "serve", path).map_err(|error| {
        eprintln!("hearback: {error}");
        ExitCode::from(2)
    })?;
    read(command)
}

fn read(command: clap::Command) -> Result<Cli, ExitCode> {
    command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        if matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
            eprintln!("hearback: {}", config::sentence(&error));
        } else {
            drop(error.print());
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// An error and its causes in one line. Some errors tell their cause themselves; none is told twice.
fn causes(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |line, cause| {
        let cause = cause.to_string();
        match line.as_str() {
            "" => cause,
            told if told.contains(&cause) => line,
            _ => format!("{line}: {cause}"),
        }
    })
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let common = cli.common;
    match cli.command {
        Command::Serve(serving) => serve::run(Config { common, serving }).await?,
        Command::Migrate => copy::migrate(&common).await?,
        Command::Check(serving) => return check::run(&common, &serving).await,
        Command::Org(command) => command.run(&common).await?,
        Command::User(command) => command.run(&common).await?,
        Command::Token(command) => command.run(&common).await?,
        Command::Backup { file } => copy::backup(&common, &file).await?,
        Command::Restore { file, replace } => copy::restore(&common, &file, replace).await?,
        Command::Export { org, file } => export::run(&common, &org, &file).await?,
    }
    Ok(ExitCode::SUCCESS)
}
