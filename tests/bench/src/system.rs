//! What is measured: Hearback and its peers, each started with what a scenario needs.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::{
    office::{Chat, Office},
    process::Process,
    random::Random,
    socket::Socket,
};

/// A server's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum System {
    /// This program.
    Hearback,
    /// P1: the chat of Socket.IO's tutorial, with SQLite.
    Tutorial,
    /// P2: Socket.IO on Node, in memory.
    Memory,
    /// P3: bare socketioxide, in memory.
    Bare,
}

impl System {
    /// How the table names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hearback => "Hearback",
            Self::Tutorial => "P1 tutorial",
            Self::Memory => "P2 Node",
            Self::Bare => "P3 bare",
        }
    }
}

/// Where programs lie.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The folder of release binaries.
    pub binaries: PathBuf,
    /// The folder of the peers on Node.
    pub peers: PathBuf,
}

/// A running server with those who are to use it.
pub struct Stage {
    /// Its kind.
    pub system: System,
    /// Its process.
    pub process: Process,
    office: Office,
}

impl Stage {
    /// Starts a server on data that lies in the folder.
    pub async fn set(programs: &Programs, system: System, folder: &Path, office: Office) -> Result<Self> {
        let node = |script: &str, port: u16| {
            let mut command = Command::new("node");
            command.arg(programs.peers.join(script)).arg(port.to_string()).arg(folder).env("NODE_ENV", "production");
            command
        };
        let process = match system {
            System::Hearback => serve(programs, folder).await?,
            System::Tutorial => Process::start(folder, None, |port| node("tutorial.mjs", port)).await?,
            System::Memory => Process::start(folder, None, |port| node("memory.mjs", port)).await?,
            System::Bare => {
                let program = programs.binaries.join("hearback-bench-bare");
                let command = |port: u16| {
                    let mut command = Command::new(program);
                    command.arg(port.to_string());
                    command
                };
                Process::start(folder, None, command).await?
            }
        };
        Ok(Self { system, process, office })
    }

    /// Whom the server has as candidates.
    pub fn chats(&self) -> &[Chat] {
        &self.office.chats
    }

    /// Connects a candidate.
    pub async fn candidate(&self, chat: &Chat) -> Result<Socket> {
        self.connect(&json!({ "link": chat.secret }), &json!({ "token": format!("secret-{}", chat.conversation) }))
            .await
    }

    /// Connects a recruiter, who listens.
    pub async fn recruiter(&self) -> Result<Socket> {
        let auth = json!({ "token": self.office.token });
        self.connect(&auth, &json!({ "token": "secret-recruiter", "listens": true })).await
    }

    async fn connect(&self, own: &Value, of_peers: &Value) -> Result<Socket> {
        let (namespace, auth) = match self.system {
            System::Hearback => (format!("/org/{}", self.office.slug), own),
            _ => (String::new(), of_peers),
        };
        let mut socket = Socket::connect(self.process.port, &namespace, auth).await?;
        if self.system != System::Tutorial {
            // `session:ready`, or what the peers say then: the socket is in its rooms.
            socket.next().await?;
        }
        Ok(socket)
    }

    /// A candidate's message, as the array of the request.
    pub fn message(&self, chat: &Chat, random: &mut Random) -> String {
        let (body, id) = (random.text(200), random.uuid());
        match self.system {
            System::Tutorial => json!(["chat message", body, id]),
            System::Hearback => {
                json!(["message:post", { "conversation": chat.conversation, "client_id": id, "body": body }])
            }
            _ => json!(["message", { "conversation": chat.conversation, "client_id": id, "body": body }]),
        }
        .to_string()
    }

    /// A recruiter's announcement to all candidates of the project, as the array of the request.
    pub fn announcement(&self, random: &mut Random) -> String {
        let (body, id) = (random.text(200), random.uuid());
        match self.system {
            System::Hearback => {
                json!(["announcement:post", { "project": self.office.project, "client_id": id, "body": body }])
            }
            _ => json!(["announce", { "project": self.office.project, "client_id": id, "body": body }]),
        }
        .to_string()
    }
}

/// Starts Hearback on the database in the folder.
pub async fn serve(programs: &Programs, folder: &Path) -> Result<Process> {
    let program = programs.binaries.join("hearback");
    let command = |port: u16| {
        let mut command = Command::new(program);
        // Warnings stay; a line for each request would be most of what is measured.
        command.args(["serve", "--log", "warn", "--rate-limits", "off", "--listen"]);
        command.arg(format!("127.0.0.1:{port}")).arg("--data-dir").arg(folder);
        command
    };
    Process::start(folder, Some("/readyz"), command).await
}
