//! The real program as a process of its own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::wait::until;

/// The program on a folder. Its log is in there too.
pub struct Process {
    child: Child,
    log: PathBuf,
    pub url: String,
}

impl Process {
    pub async fn start(folder: &Path, flags: &[&str]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let log = folder.join("log");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_hearback"))
            .args(["serve", "--listen", &address, "--data-dir"])
            .arg(folder)
            .args(flags)
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap();
        let process = Self { child, log, url: format!("http://{address}") };
        let livez = format!("{}/livez", process.url);
        until("the process to answer", || async { reqwest::get(&livez).await.ok() }).await;
        process
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
