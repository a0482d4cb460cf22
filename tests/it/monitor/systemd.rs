//! What systemd is told: that the server is ready, that it lives, that it stops.

use std::{collections::HashSet, os::unix::net::UnixDatagram};

use crate::harness::{Process, wait::until};

/// Everything that systemd would have heard so far.
struct Heard {
    socket: UnixDatagram,
    words: HashSet<String>,
}

impl Heard {
    fn hears(&mut self, word: &str) -> Option<()> {
        let mut bytes = [0; 512];
        while let Ok(count) = self.socket.recv(&mut bytes) {
            self.words.extend(String::from_utf8_lossy(&bytes[..count]).lines().map(str::to_owned));
        }
        self.words.contains(word).then_some(())
    }

    async fn waits_for(&mut self, word: &str) {
        until(word, || {
            let heard = self.hears(word);
            async move { heard }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn systemd_hears_that_the_server_is_ready_that_it_lives_and_that_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut heard = Heard { socket, words: HashSet::new() };
    let told = format!("NOTIFY_SOCKET={}", path.display());
    let process = Process::start_by(&["env", &told, "WATCHDOG_USEC=200000"], folder.path(), folder.path(), &[]).await;
    heard.waits_for("READY=1").await;
    heard.waits_for("WATCHDOG=1").await;
    assert!(!heard.words.contains("STOPPING=1"));
    heard.words.clear();
    heard.waits_for("WATCHDOG=1").await;
    process.freeze().await;
    while heard.hears("WATCHDOG=1").is_some() {
        heard.words.clear();
    }
    process.thaw();
    heard.waits_for("WATCHDOG=1").await;
    process.terminate();
    heard.waits_for("STOPPING=1").await;
    assert!(process.ended().await.0.success());
}
