//! A PostgreSQL server: Debian's programs, a free port, a folder.

use std::{
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::port;

/// Each server in a test opens up to thirteen connections, and some tests have three servers.
const SHARED: [&str; 6] = ["-c", "max_connections=500", "-c", "autovacuum=off", "-c", "full_page_writes=off"];

/// A running PostgreSQL server. Dropping it leaves it running.
pub struct Cluster {
    pub port: u16,
    command: Command,
    server: Child,
}

impl Cluster {
    /// Creates one in a folder and waits until it takes connections.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, |command| command)
    }

    /// As [`Cluster::start`], for many tests. What ends the test that starts it does not end it.
    pub fn start_shared(folder: &Path) -> Self {
        Self::start_with(folder, |command| command.args(SHARED).process_group(0))
    }

    fn start_with(folder: &Path, change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let user = unprivileged();
        if let Some((uid, gid)) = user {
            chown(folder, Some(uid), Some(gid)).unwrap();
        }
        let made = as_user("initdb", user, folder)
            .args(["--auth=trust", "--username=hearback", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = port::free();
        let mut command = as_user("postgres", user, folder);
        command.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "fsync=off", "-k"]).arg(folder);
        command.arg("-D").arg(folder.join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        change(&mut command);
        let server = command.spawn().unwrap();
        let mut cluster = Self { port, command, server };
        assert!(cluster.answers(), "PostgreSQL in {} ended", folder.display());
        cluster
    }

    /// SIGKILL to its first process: it can finish nothing. The others notice and end.
    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Starts it again on what [`Cluster::kill`] has left.
    pub fn start_again(&mut self) {
        let began = Instant::now();
        loop {
            self.server = self.command.spawn().unwrap();
            // It refuses while one of the killed one's processes still holds the memory that they share.
            if self.answers() {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "PostgreSQL did not start again");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// SIGQUIT: it ends its own processes at once and keeps nothing.
    pub fn quit(&mut self) {
        let pid = self.server.id().to_string();
        drop(Command::new("kill").args(["-QUIT", &pid]).status());
        drop(self.server.wait());
    }

    /// Whether it takes connections before it ends.
    fn answers(&mut self) -> bool {
        let (port, began) = (self.port.to_string(), Instant::now());
        while self.server.try_wait().unwrap().is_none() {
            let ready = Command::new(program("pg_isready")).args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            if ready.unwrap().success() {
                return true;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

/// One of PostgreSQL's programs, of the newest version that Debian has installed.
fn program(name: &str) -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed: `apt-get install postgresql`, or run `make test`")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|path| path.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL's server programs are installed").join(name)
}

/// PostgreSQL refuses to run as root; then it runs as the package's user.
fn unprivileged() -> Option<(u32, u32)> {
    let id = |flags: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(flags).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) == Some(0) { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None }
}

fn as_user(name: &str, user: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program(name));
    command.current_dir(folder).env("TZ", "UTC");
    if let Some((uid, gid)) = user {
        command.gid(gid).uid(uid);
    }
    command
}
