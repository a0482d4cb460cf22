//! What the machine itself can do, measured in the same run.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::Instant,
};

use anyhow::{Result, ensure};

use crate::load::percentile;

/// Refuses a folder that is memory: nothing is durable there, and every server looks fast.
pub fn require_disk(folder: &Path) -> Result<()> {
    const TMPFS: i64 = 0x0102_1994;
    let kind = rustix::fs::statfs(folder)?.f_type;
    ensure!(kind != TMPFS, "{} lies in memory; measure on a disk", folder.display());
    Ok(())
}

/// How long it takes to append 4 KiB to a file and have them on disk: the median of 300, in milliseconds.
pub fn fsync_ms(folder: &Path) -> Result<f64> {
    let path = folder.join("fsync");
    let mut file = File::create(&path)?;
    let mut took = Vec::new();
    for _ in 0..300 {
        let begun = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_all()?;
        took.push(u32::try_from(begun.elapsed().as_micros())?);
    }
    fs::remove_file(path)?;
    took.sort_unstable();
    Ok(percentile(&took, 50))
}

/// One line about the machine.
pub fn describe() -> String {
    let first = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        line.trim_start_matches([' ', '\t', ':']).to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!(
        "{cores} cores of {}, {} of memory, load average {load} at the start",
        first("/proc/cpuinfo", "model name"),
        first("/proc/meminfo", "MemTotal"),
    )
}
