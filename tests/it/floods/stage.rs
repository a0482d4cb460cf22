//! Two servers alike, with two organizations in each.

use std::{fmt, fs, time::Duration};

use serde_json::json;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::{LET_GO, stranger::Target};
use crate::{
    crash::crew::file_in,
    harness::{Process, Server, Socket, Tenant, act::write, tenant::operators_cookie},
};

/// Descriptors and tasks that come and go by themselves.
const STIR: u64 = 8;

/// Memory that has not fallen for so long falls no more.
const REST: Duration = Duration::from_secs(2);

/// What the database's pool opens the first time it has much to do, and keeps.
const POOL: u64 = 40;

/// How many long messages there are for whoever asks.
const WRITTEN: usize = 50;

pub struct Stage {
    /// The one that is looked at.
    pub here: House,
    /// Another on the same machine.
    pub beside: House,
    /// Whose work goes on.
    pub other: Tenant,
    operator: Socket,
}

pub struct House {
    pub process: Process,
    target: Target,
    _folder: TempDir,
}

/// What a server holds at a moment.
#[derive(Clone, Copy)]
pub struct Level {
    /// Kilobytes.
    resident: u64,
    pub descriptors: u64,
    pub tasks: u64,
    sockets: u64,
}

impl Level {
    /// Nobody is left of those who came to a server that had done nothing before.
    pub fn is_rid_of_them(self, fresh: Self) -> bool {
        self.lives_as(Self { descriptors: fresh.descriptors + POOL, ..fresh })
    }

    fn lives_as(self, before: Self) -> bool {
        self.descriptors <= before.descriptors + STIR
            && self.tasks <= before.tasks + STIR
            && self.sockets <= before.sockets
    }

    /// The same, with a tenth more memory at most.
    pub fn is(self, before: Self) -> bool {
        self.lives_as(before) && self.resident * 10 <= before.resident * 11
    }

    #[allow(clippy::cast_precision_loss, reason = "no server has that much")]
    pub fn mebibytes(self) -> f64 {
        self.resident as f64 / 1024.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resident, descriptors, tasks, sockets } = self;
        let mib = resident / 1024;
        write!(f, "{mib} MiB, {descriptors} descriptors, {tasks} tasks, {sockets} sockets")
    }
}

impl House {
    async fn open(folder: TempDir, acme: &Tenant) -> Self {
        let process = Process::start(folder.path(), &["--log", "error"]).await;
        let target = Target::of(&process.url, acme);
        Self { process, target, _folder: folder }
    }

    pub fn target(&self) -> Target {
        self.target.clone()
    }
}

impl Stage {
    pub async fn set() -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        let other = Tenant::create(server.app(), "other").await;
        for number in 0..WRITTEN {
            write(server.app(), &acme.chat, &format!("{number:x<2000}")).await;
        }
        let cookie = operators_cookie(server.app()).await;
        let folder = server.stop().await;
        let copy = tempfile::tempdir().unwrap();
        fs::copy(file_in(folder.path()), file_in(copy.path())).unwrap();
        let (here, beside) = (House::open(folder, &acme).await, House::open(copy, &acme).await);
        let operator = Socket::enter_as_operator(&here.process.url, &cookie).await;
        Self { here, beside, other, operator }
    }

    pub async fn level(&self) -> Level {
        let live = self.operator.ask("admin:overview", json!({})).await["live"].take();
        let sockets = live["namespaces"].as_array().unwrap().iter().map(|space| space["sockets"].as_u64().unwrap());
        Level {
            resident: self.here.process.resident(),
            descriptors: self.here.process.descriptors(),
            tasks: live["tasks"].as_u64().unwrap(),
            sockets: sockets.sum(),
        }
    }

    /// The level once the allocator has given back what it will.
    pub async fn settles(&self) -> Level {
        let (mut lowest, mut since) = (self.level().await, Instant::now());
        while since.elapsed() < REST {
            sleep(Duration::from_millis(100)).await;
            let now = self.level().await;
            if now.resident * 100 < lowest.resident * 99 {
                (lowest, since) = (now, Instant::now());
            }
        }
        lowest
    }

    /// Waits until a level is reached again; gives what it is then.
    pub async fn comes_back_to(&self, before: Level, is: impl Fn(Level, Level) -> bool) -> Level {
        let began = Instant::now();
        loop {
            let now = self.level().await;
            if is(now, before) {
                return now;
            }
            assert!(began.elapsed() < LET_GO, "it keeps what strangers have left: {before}, then {now}");
            sleep(Duration::from_millis(100)).await;
        }
    }
}
