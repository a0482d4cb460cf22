//! The command line.

mod beside;
mod check;
mod copy;
mod export;
mod manage;
mod partial;
mod serve;

use std::{ffi::OsString, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};
use rustix::fs::Mode;
use tokio::runtime::Handle;

use crate::{
    config::{self, Common, Config, Serving},
    telemetry::{self, otlp::Exporter},
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
    /// Put a copy in place of the SQLite database, which is kept beside it; the server must not be running
    Restore {
        /// The copy
        file: PathBuf,
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
    // Databases, copies and exports hold what people wrote: only this user reads them, whatever the shell's umask says.
    let others = Mode::RWXG | Mode::RWXO;
    rustix::process::umask(rustix::process::umask(others) | others);
    let (cli, config) = match parse() {
        Ok(parsed) => parsed,
        Err(stop) => return stop,
    };
    // SQLite's writer has a thread of its own; whoever waits for it is woken by few others.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.saturating_sub(1).max(1))
        .enable_all()
        .build()
        .context("the runtime cannot be started")
        .and_then(|runtime| {
            let exporter = exporter(&cli.command, runtime.handle())?;
            telemetry::log::start(&cli.common.log, cli.common.log_format, exporter.as_ref());
            let outcome = runtime.block_on(run(cli.command, config));
            if let Some(exporter) = exporter {
                exporter.stop();
            }
            // Somebody outside whose name is still being looked up is not waited for.
            runtime.shutdown_timeout(Duration::from_millis(500));
            outcome
        });
    outcome.unwrap_or_else(|error| {
        eprintln!("hearback: {}", causes(&error));
        ExitCode::FAILURE
    })
}

/// What hands spans to a collector, for a server that has one set.
fn exporter(command: &Command, runtime: &Handle) -> anyhow::Result<Option<Exporter>> {
    let Command::Serve(Serving { otlp_url: Some(url), .. }) = command else { return Ok(None) };
    Ok(Some(Exporter::start(url.expose(), runtime.clone())?))
}

/// Parses the command line; when it names a settings file, once more with the file's values as defaults. Beside the command
/// come all settings of a server, so that what is made beside one fits it.
fn parse() -> Result<(Cli, Config), ExitCode> {
    let first = read(Cli::command(), std::env::args_os())?;
    let (cli, command) = match &first.common.config {
        Some(path) => {
            let command = config::with_file(Cli::command(), "serve", path).map_err(|error| {
                eprintln!("hearback: {error}");
                ExitCode::from(2)
            })?;
            (read(command.clone(), std::env::args_os())?, command)
        }
        None => (first, Cli::command()),
    };
    let serving = match &cli.command {
        Command::Serve(serving) | Command::Check(serving) => serving.clone(),
        _ => match read(command, ["hearback".into(), "serve".into()])?.command {
            Command::Serve(serving) => serving,
            _ => unreachable!("the line above says serve"),
        },
    };
    let common = cli.common.clone();
    Ok((cli, Config { common, serving }))
}

fn read(command: clap::Command, line: impl IntoIterator<Item = OsString>) -> Result<Cli, ExitCode> {
    let mut settings = command.clone();
    command.try_get_matches_from(line).and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        let error = config::without_secrets(error, &mut settings);
        if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
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

async fn run(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(_) => serve::run(config).await?,
        Command::Migrate => copy::migrate(&config.common).await?,
        Command::Check(_) => return check::run(&config).await,
        Command::Org(command) => command.run(&config).await?,
        Command::User(command) => command.run(&config).await?,
        Command::Token(command) => command.run(&config).await?,
        Command::Backup { file } => copy::backup(&config, &file).await?,
        Command::Restore { file } => copy::restore(&config.common, &file).await?,
        Command::Export { org, file } => export::run(&config, &org, &file).await?,
    }
    Ok(ExitCode::SUCCESS)
}
