//! The real program as a process of its own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
};

use super::{port, server::unwatched, wait::until};

/// The program on a folder.
pub struct Process {
    child: Child,
    command: Start,
    pub url: String,
}

/// How it is started; the same each time, at the same address.
struct Start {
    /// What stands before the program, such as `faketime`.
    before: Vec<String>,
    flags: Vec<String>,
    log: PathBuf,
    said: PathBuf,
}

impl Start {
    fn spawn(&self) -> Child {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let program = env!("CARGO_BIN_EXE_hearback").to_owned();
        let mut words = self.before.iter().chain([&program]).chain(&self.flags);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).stdout(File::create(&self.said).unwrap()).stderr(log).spawn().unwrap()
    }
}

impl Process {
    /// What it says is in the folder, too.
    pub async fn start(folder: &Path, flags: &[&str]) -> Self {
        Self::start_by(&[], folder, folder, flags).await
    }

    /// As [`Process::start`], by another program that starts it, with what it says in a folder of its own.
    pub async fn start_by(before: &[&str], data: &Path, says: &Path, flags: &[&str]) -> Self {
        let process = Self::spawn(before, data, says, flags);
        process.answers("/livez").await;
        process
    }

    /// As [`Process::start_by`], but does not wait for it.
    pub fn spawn(before: &[&str], data: &Path, says: &Path, flags: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", port::free());
        let data = data.display().to_string();
        let usual = ["serve", "--listen", &address, "--data-dir", &data];
        let flags = usual.iter().chain(flags).chain(&unwatched(flags)).map(|flag| (*flag).to_owned()).collect();
        let before = before.iter().map(|word| (*word).to_owned()).collect();
        let command = Start { before, flags, log: says.join("log"), said: says.join("said") };
        Self { child: command.spawn(), command, url: format!("http://{address}") }
    }

    /// Waits until an address is answered with 200.
    pub async fn answers(&self, path: &str) {
        let url = format!("{}{path}", self.url);
        let client = reqwest::Client::new();
        until(&format!("{path} to answer"), || async {
            assert!(!self.has_ended(), "it ended, so whoever answers is another: {}", self.log());
            client.get(&url).send().await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
    }

    /// SIGTERM, and once it has ended the same again.
    pub async fn restart(&mut self) {
        self.terminate();
        until("the process to end", || {
            let status = self.child.try_wait().unwrap();
            async move { status }
        })
        .await;
        self.child = self.command.spawn();
        self.answers("/livez").await;
    }

    /// SIGKILL, and at once the same again.
    pub fn kill_and_spawn(&mut self) {
        self.kill();
        self.child = self.command.spawn();
    }

    /// SIGKILL: it can finish nothing.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// What it has printed for people, once that is among it.
    pub async fn said(&self, part: &str) -> String {
        holding(part, || fs::read_to_string(&self.command.said).unwrap()).await
    }

    /// What it has logged, once that is among it.
    pub async fn logged(&self, part: &str) -> String {
        holding(part, || self.log()).await
    }

    fn has_ended(&self) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()));
        status.is_ok_and(|status| status.contains("State:\tZ"))
    }

    /// Its number, for `prlimit` and `/proc`.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How many kilobytes of memory it holds at the moment.
    pub fn resident(&self) -> u64 {
        self.holds("VmRSS")
    }

    /// How many kilobytes of a kind it holds, by the kind's name in `/proc/PID/status`.
    pub fn holds(&self, kind: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// How many files and connections it has open.
    pub fn descriptors(&self) -> u64 {
        let open = fs::read_dir(format!("/proc/{}/fd", self.id())).unwrap().count();
        u64::try_from(open).unwrap()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asks it to end, as systemd does.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// SIGSTOP, until no thread of it does anything any more; what a thread has asked of the kernel may still take place,
    /// but the thread does not learn of it.
    pub async fn freeze(&self) {
        self.signal("-STOP");
        until("every thread to stand still", || {
            let still = fs::read_dir(format!("/proc/{}/task", self.id())).unwrap().all(|thread| {
                let status = fs::read_to_string(thread.unwrap().path().join("status"));
                status.is_ok_and(|status| status.contains("State:\tT") || status.contains("State:\tD"))
            });
            async move { still.then_some(()) }
        })
        .await;
    }

    /// Lets one that stands still go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended by itself; gives what it has printed, too.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        let status = until("the process to end", || {
            let status = self.child.try_wait().unwrap();
            async move { status }
        })
        .await;
        (status, fs::read_to_string(&self.command.said).unwrap())
    }

    /// Everything that it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.command.log).unwrap()
    }
}

/// A text that grows, once that is among it.
async fn holding(part: &str, read: impl Fn() -> String) -> String {
    until(part, || {
        let text = read();
        let text = text.contains(part).then_some(text);
        async move { text }
    })
    .await
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
