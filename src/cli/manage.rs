//! `org`, `user` and `token`: the use cases of the same names, beside a server that may be running.

use clap::Subcommand;

use crate::config::Common;

#[derive(Debug, Subcommand)]
pub(super) enum Org {
    /// Create an organization
    Create {
        /// Its name in addresses: lower-case letters, digits and hyphens
        slug: String,
        /// Its name for people
        #[arg(long)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Create a user
    Create {
        /// What they sign in with
        email: String,
        /// How others see them
        #[arg(long)]
        name: String,
        /// An organization that they become a member of
        #[arg(long, value_name = "SLUG", requires = "role")]
        org: Option<String>,
        /// Their role there: owner, recruiter or viewer
        #[arg(long, requires = "org")]
        role: Option<String>,
        /// They run the whole installation
        #[arg(long)]
        operator: bool,
        /// Read the password from standard input, up to the first line break
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Create an API token and print it, once, alone on standard output
    Create {
        /// The organization that it acts in
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// Its name, under which it writes
        #[arg(long)]
        name: String,
        /// What it may do: recruiter or viewer
        #[arg(long, default_value = "recruiter")]
        role: String,
    },
}

impl Org {
    pub(super) async fn run(self, _common: &Common) -> anyhow::Result<()> {
        anyhow::bail!("not here yet")
    }
}

impl User {
    pub(super) async fn run(self, _common: &Common) -> anyhow::Result<()> {
        anyhow::bail!("not here yet")
    }
}

impl Token {
    pub(super) async fn run(self, _common: &Common) -> anyhow::Result<()> {
        anyhow::bail!("not here yet")
    }
}
