//! Measures Hearback beside what people would build instead, on this machine, in one run and in turns.
//!
//! The peers are built as their documentation describes them: P1 is the chat of Socket.IO's tutorial, with SQLite; P2
//! Socket.IO on Node, in memory; P3 bare socketioxide, in memory. The main figure is the CPU time of the server's process
//! for a piece of work, which depends neither on how busy the machine is nor on the load generator; rate and latency
//! stand beside it.
#![allow(clippy::disallowed_methods, reason = "measures the real time")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod archive;
mod folder;
mod http;
mod load;
mod machine;
mod office;
mod process;
mod random;
mod report;
mod scenarios;
mod socket;
mod system;

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use self::{
    report::Report,
    scenarios::Scenario,
    system::{Programs, System},
};

/// Measures Hearback beside what people would build instead.
#[derive(Clone, Debug, Parser)]
pub struct Arguments {
    /// What to measure; everything if not said
    #[arg(value_enum)]
    scenarios: Vec<Scenario>,
    /// Which servers; all that a scenario has if not said
    #[arg(long, value_enum, value_delimiter = ',')]
    systems: Vec<System>,
    /// How often each server is measured; the table shows medians
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// How long each measurement of a load lasts, in seconds
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// The folder of release binaries
    #[arg(long, default_value = "target/release")]
    binaries: PathBuf,
    /// The folder of the peers on Node
    #[arg(long, default_value = "tests/bench/peers")]
    peers: PathBuf,
    /// Where data and the table go; on a disk, not in memory
    #[arg(long, default_value = "target/bench")]
    output: PathBuf,
}

/// What every scenario goes by.
#[derive(Debug)]
pub struct Bench {
    programs: Programs,
    systems: Vec<System>,
    rounds: u32,
    measured: Duration,
    output: PathBuf,
    fsync_ms: f64,
}

impl Bench {
    /// Those of the systems that are to be measured.
    fn of(&self, systems: &[System]) -> Vec<System> {
        let wanted = |system: &System| self.systems.is_empty() || self.systems.contains(system);
        systems.iter().copied().filter(wanted).collect()
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    // Servers end with the values that hold them, so giving up here leaves none behind.
    tokio::select! {
        outcome = run(arguments) => outcome,
        _ = interrupt.recv() => anyhow::bail!("interrupted"),
        _ = terminate.recv() => anyhow::bail!("terminated"),
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { scenarios, systems, rounds, seconds, binaries, peers, output } = arguments;
    fs::create_dir_all(&output)?;
    let output = output.canonicalize()?;
    machine::require_disk(&output)?;
    let programs = Programs { binaries: binaries.canonicalize()?, peers: peers.canonicalize()? };
    let fsync_ms = machine::fsync_ms(&output)?;
    let bench = Bench { programs, systems, rounds, measured: Duration::from_secs(seconds), output, fsync_ms };
    let now = chrono::Utc::now();
    let mut report = Report::default();
    report.preface.push(format!("Measured {} on {}.", now.format("%Y-%m-%d %H:%M UTC"), machine::describe()));
    report.preface.push(format!("Medians of {rounds} rounds. 4 KiB appended and on disk (fsync): {fsync_ms:.2} ms."));
    let scenarios = if scenarios.is_empty() { Scenario::ALL.to_vec() } else { scenarios };
    for scenario in scenarios {
        let rows = scenario.run(&bench).await.with_context(|| format!("{scenario:?}"))?;
        report.rows.extend(rows);
        // Kept as it grows, so that a run that is broken off leaves what it has found.
        fs::write(bench.output.join("table.md"), report.to_string())?;
    }
    fs::write(bench.output.join(format!("table-{}.md", now.format("%Y%m%d-%H%M%S"))), report.to_string())?;
    println!("{report}");
    Ok(())
}
