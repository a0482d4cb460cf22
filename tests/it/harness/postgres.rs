//! A PostgreSQL of the test's own: Debian's programs, a free port, a temporary folder. It ends with the value.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::port;

/// A running PostgreSQL.
pub struct Postgres {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl Postgres {
    pub fn start() -> Self {
        let programs = programs();
        let folder = tempfile::tempdir().unwrap();
        let user = unprivileged();
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let data = folder.path().join("data");
        let made = as_user(&programs.join("initdb"), user, folder.path())
            .args(["--auth=trust", "--username=hearback", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = port::free();
        let server = serve(&programs, user, folder.path(), port);
        let mut postgres = Self { server, port, folder };
        postgres.wait(&programs);
        postgres
    }

    /// Where its one database is.
    pub fn url(&self) -> String {
        format!("postgres://hearback@127.0.0.1:{}/postgres", self.port)
    }

    /// SIGKILL to its first process: it can finish nothing. The others notice and end.
    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Starts it again on what [`Postgres::kill`] has left.
    pub fn start_again(&mut self) {
        let programs = programs();
        let began = Instant::now();
        loop {
            self.server = serve(&programs, unprivileged(), self.folder.path(), self.port);
            // It refuses while one of the killed one's processes still holds the memory that they share.
            if self.answers(&programs) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "PostgreSQL did not start again");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether it takes connections before it ends.
    fn answers(&mut self, programs: &Path) -> bool {
        while self.server.try_wait().unwrap().is_none() {
            if self.is_ready(programs) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    fn is_ready(&self, programs: &Path) -> bool {
        let ready = Command::new(programs.join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .status()
            .unwrap();
        ready.success()
    }

    fn wait(&mut self, programs: &Path) {
        let began = Instant::now();
        loop {
            if self.is_ready(programs) {
                return;
            }
            assert!(self.server.try_wait().unwrap().is_none(), "PostgreSQL in {:?} ended", self.folder.path());
            assert!(began.elapsed() < Duration::from_secs(30), "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGQUIT: it ends its own children at once; the folder goes anyway.
        let pid = self.server.id().to_string();
        drop(Command::new("kill").args(["-QUIT", &pid]).status());
        drop(self.server.wait());
    }
}

fn serve(programs: &Path, user: Option<(u32, u32)>, folder: &Path, port: u16) -> Child {
    as_user(&programs.join("postgres"), user, folder)
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "fsync=off", "-k"])
        .arg(folder)
        .arg("-D")
        .arg(folder.join("data"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The newest of Debian's, or those on the path.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed: `apt-get install postgresql`, or run `make test`")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|path| path.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL's server programs are installed")
}

/// PostgreSQL refuses to run as root; then it runs as the package's user.
fn unprivileged() -> Option<(u32, u32)> {
    let id = |flags: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(flags).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) == Some(0) { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None }
}

fn as_user(program: &Path, user: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("TZ", "UTC");
    if let Some((uid, gid)) = user {
        command.gid(gid).uid(uid);
    }
    command
}
