//! The real program as a process of its own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
};

use super::wait::until;

/// The program on a folder. What it says is in there too.
pub struct Process {
    child: Child,
    log: PathBuf,
    said: PathBuf,
    pub url: String,
}

impl Process {
    pub async fn start(folder: &Path, flags: &[&str]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let log = folder.join("log");
        let said = folder.join("said");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_hearback"))
            .args(["serve", "--listen", &address, "--data-dir"])
            .arg(folder)
            .args(flags)
            .stdout(File::create(&said).unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        let process = Self { child, log, said, url: format!("http://{address}") };
        let livez = format!("{}/livez", process.url);
        until("the process to answer", || async { reqwest::get(&livez).await.ok() }).await;
        process
    }

    /// What it has printed for people, once that is among it.
    pub async fn said(&self, part: &str) -> String {
        until(part, || {
            let said = fs::read_to_string(&self.said).unwrap();
            let said = said.contains(part).then_some(said);
            async move { said }
        })
        .await
    }

    /// Asks it to end, as systemd does.
    pub fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
    }

    /// Waits until it has ended by itself; gives what it has printed, too.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        let status = until("the process to end", || {
            let status = self.child.try_wait().unwrap();
            async move { status }
        })
        .await;
        (status, fs::read_to_string(&self.said).unwrap())
    }

    /// Everything that it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Process {
    /// SIGKILL: it can finish nothing.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
