//! Servers as processes of their own, and what the system tells of them.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::time::sleep;

use crate::http;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the times in /proc count in: `USER_HZ`, which is 100 wherever Linux runs today.
const TICKS_PER_SECOND: f64 = 100.0;

/// Ends its process, and waits until it is gone, when it goes itself.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A running server; it ends with this value.
pub struct Process {
    _child: Running,
    /// Its process id.
    pub pid: u32,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    /// How long it took from the start to the first answer.
    pub start: Duration,
}

impl Process {
    /// Starts a server on a free port and waits until `ready` answers 200, or a port answers at all where it is `None`.
    /// `command` is given the port; what the server prints goes to `server.log` in the folder.
    pub async fn start(folder: &Path, ready: Option<&str>, command: impl FnOnce(u16) -> Command) -> Result<Self> {
        let port = free_port()?;
        let log = File::create(folder.join("server.log"))?;
        let mut command = command(port);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let begun = Instant::now();
        let mut child = Running(command.spawn().with_context(|| format!("{command:?} cannot be started"))?);
        let pid = child.0.id();
        while !answers(port, ready).await {
            if let Some(status) = child.0.try_wait()? {
                let log = fs::read_to_string(folder.join("server.log")).unwrap_or_default();
                bail!("{command:?} ended with {status}: {log}");
            }
            if begun.elapsed() > PATIENCE {
                bail!("{command:?} was not ready in time");
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { _child: child, pid, port, start: begun.elapsed() })
    }

    /// The CPU time that all its threads have used so far, in user and system mode, in seconds.
    pub fn cpu(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The name in brackets may hold anything; what follows it does not.
        let (_, fields) = stat.rsplit_once(") ").context("unreadable stat")?;
        let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        #[expect(clippy::cast_precision_loss, reason = "far from 2^52")]
        Ok(ticks as f64 / TICKS_PER_SECOND)
    }

    /// Its resident memory in KiB.
    pub fn memory_kib(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

async fn answers(port: u16, path: Option<&str>) -> bool {
    match path {
        Some(path) => http::get(port, path, None).await.is_ok_and(|answer| answer.status == 200),
        None => tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok(),
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
