//! A whole load: many candidates who write and some recruiters who answer.

use std::{path::Path, sync::Arc, time::Duration};

use hearback::{app, domain::user::Role};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{
    candidate::Candidate,
    dice::Dice,
    load::{Load, Phase},
    recruiter::Recruiter,
};
use crate::{
    checker::{Log, Stored, require_none},
    harness::{
        Chat, Server, Tenant,
        tenant::{name, operators_cookie},
    },
};

/// An organization of many, made by a server that has stopped since.
pub struct House {
    pub folder: TempDir,
    pub acme: Tenant,
    pub chats: Vec<Chat>,
    pub tokens: Vec<String>,
    /// The cookie of somebody who runs the installation.
    pub operator: String,
}

impl House {
    pub async fn build(candidates: usize, recruiters: usize) -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        let mut chats = Vec::new();
        for number in 0..candidates {
            chats.push(acme.add_candidate(server.app(), &format!("candidate {number}")).await);
        }
        let mut tokens = Vec::new();
        for number in 0..recruiters {
            let called = name(&format!("program {number}"));
            let made = app::tokens::create(server.app(), &acme.owner.actor, called, Role::Recruiter).await;
            tokens.push(made.unwrap().1.expose().to_owned());
        }
        let operator = operators_cookie(server.app()).await;
        let folder = server.stop().await;
        Self { folder, acme, chats, tokens, operator }
    }

    /// Where the database is.
    pub fn file(&self) -> std::path::PathBuf {
        file_in(self.folder.path())
    }
}

/// The database in a data folder.
pub fn file_in(folder: &Path) -> std::path::PathBuf {
    folder.join("hearback.db")
}

/// Those who work.
pub struct Crew {
    pub load: Arc<Load>,
    candidates: JoinSet<()>,
    recruiters: JoinSet<()>,
}

impl Crew {
    /// Sets everybody to work at a server; together the candidates write at a rate per second.
    pub fn start(url: &str, house: &House, rate: u32, dice: &mut Dice) -> Self {
        let load = Arc::new(Load::new(url, &house.acme.namespace()));
        let every = Duration::from_secs(u64::try_from(house.chats.len()).unwrap()) / rate;
        let mut candidates = JoinSet::new();
        for chat in &house.chats {
            candidates.spawn(Candidate::new(Arc::clone(&load), chat, every, dice.fork()).live());
        }
        let mut recruiters = JoinSet::new();
        for token in &house.tokens {
            recruiters.spawn(Recruiter::new(Arc::clone(&load), token, dice.fork()).work());
        }
        Self { load, candidates, recruiters }
    }

    /// Ends whoever has panicked with this test.
    pub fn require_alive(&mut self) {
        for crew in [&mut self.candidates, &mut self.recruiters] {
            if let Some(ended) = crew.try_join_next() {
                ended.unwrap();
                panic!("somebody left before it was over");
            }
        }
    }

    /// Lets everybody finish; gives the log.
    pub async fn finish(self) -> Log {
        let Self { load, candidates, recruiters } = self;
        load.enter_phase(Phase::Finishing);
        recruiters.join_all().await;
        load.enter_phase(Phase::Leaving);
        candidates.join_all().await;
        let log = load.log.lock().unwrap().clone();
        assert!(log.posts.iter().all(|post| post.refused.is_some() || !post.acks.is_empty()), "all outboxes are empty");
        log
    }
}

/// Checks the promises in a file that nobody writes any more.
pub async fn require_promises_kept(file: &Path, log: &Log) {
    require_none(&Stored::read(file).await, log);
}
