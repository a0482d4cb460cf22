//! A real mail server as a process of its own: Python's aiosmtpd.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
};

use serde_json::Value;
use tempfile::TempDir;

use super::{port, wait::until};

/// The server; it ends with the value.
pub struct MailServer {
    child: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl MailServer {
    /// One that is not there yet, at an address that is known already.
    pub fn at_home() -> Self {
        let port = port::free();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("answer"), "").unwrap();
        Self { child: None, port, folder }
    }

    /// One that takes mail.
    pub async fn start() -> Self {
        let mut server = Self::at_home();
        server.open().await;
        server
    }

    /// Takes mail from now on.
    pub async fn open(&mut self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
        let python = folder.join(".venv/bin/python");
        let said = File::options().create(true).append(true).open(self.said()).unwrap();
        let child = Command::new(&python)
            .arg(folder.join("smtp.py"))
            .args([self.port.to_string().as_str(), self.folder.path().join("answer").to_str().unwrap()])
            .stdout(said)
            .spawn();
        self.child =
            Some(child.unwrap_or_else(|error| panic!("{}: {error}; run `make test-packages`", python.display())));
        let began = self.lines("listens").len();
        until("the mail server", || async { (self.lines("listens").len() > began).then_some(()) }).await;
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What it says to each recipient from now on, such as `550 5.1.1 No such user`; nothing is yes.
    pub fn answer(&self, answer: &str) {
        fs::write(self.folder.path().join("answer"), answer).unwrap();
    }

    /// The mails that it has taken.
    pub fn mails(&self) -> Vec<Value> {
        self.lines("headers")
    }

    /// How many recipients it has refused.
    pub fn refused(&self) -> usize {
        self.lines("refused").len()
    }

    /// The first mail, once it is there.
    pub async fn mail(&self) -> Value {
        until("a mail", || async { self.mails().into_iter().next() }).await
    }

    fn said(&self) -> PathBuf {
        self.folder.path().join("said")
    }

    fn lines(&self, with: &str) -> Vec<Value> {
        let said = fs::read_to_string(self.said()).unwrap_or_default();
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|line: &Value| !line[with].is_null())
            .collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// The values of a header, in order.
pub fn header(mail: &Value, name: &str) -> Vec<String> {
    let headers = mail["headers"].as_array().unwrap().iter();
    headers.filter(|header| header[0] == name).map(|header| header[1].as_str().unwrap().to_owned()).collect()
}
