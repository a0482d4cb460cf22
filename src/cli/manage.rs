//! `org`, `user` and `token`: the use cases of the same names, beside a server that may be running.

use std::io::{BufRead, stdin};

use anyhow::Context;
use clap::Subcommand;

use super::beside::{self, refusal};
use crate::{
    app::{App, organizations, tokens, users, users::NewUser},
    config::Config,
    domain::{
        access::Operator,
        link::Secret,
        organization::{Organization, Slug},
        password::{OwnWords, Password},
        problem::{Code, Problem},
        text::Name,
        user::{Email, Role},
    },
};

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
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Self::Create { slug, name } = self;
        let beside = beside::open(config).await?;
        let organization = create_organization(&beside.app, &slug, &name).await.map_err(refusal)?;
        println!("{}", page(&beside.app, &organization));
        beside.close().await
    }
}

async fn create_organization(app: &App, slug: &str, name: &str) -> Result<Organization, Problem> {
    let (slug, name) = (Slug::parse(slug)?, Name::parse("name", name)?);
    organizations::create(app, Operator::command_line(), slug, name).await
}

fn page(app: &App, organization: &Organization) -> String {
    format!("{}o/{}", app.settings.public_url, organization.slug)
}

impl User {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let password = read_password()?;
        let beside = beside::open(config).await?;
        let created = self.create(&beside.app, &password).await.map_err(refusal)?;
        println!("{} {}", created.user.id, created.user.email);
        beside.close().await
    }

    async fn create(self, app: &App, password: &str) -> Result<users::Created, Problem> {
        let Self::Create { email, name, org, role, operator, password_stdin: _ } = self;
        let membership = match (org, role) {
            (Some(slug), Some(role)) => Some((organization(app, &slug).await?, Role::parse(&role)?)),
            _ => None,
        };
        let (email, name) = (Email::parse("email", &email)?, Name::parse("name", &name)?);
        let own = OwnWords::of(&name, &email);
        let own = membership.iter().fold(own, |own, (organization, _)| own.and(&organization.name));
        let new = NewUser {
            email,
            name,
            operator,
            password: Some(Password::parse(password, &own)?),
            membership: membership.map(|(organization, role)| (organization.id, role)),
        };
        users::create(app, Operator::command_line(), new).await
    }
}

impl Token {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let beside = beside::open(config).await?;
        let secret = self.create(&beside.app).await.map_err(refusal)?;
        println!("{}", secret.expose());
        beside.close().await
    }

    async fn create(self, app: &App) -> Result<Secret, Problem> {
        let Self::Create { org, name, role } = self;
        let (name, role) = (Name::parse("name", &name)?, Role::parse(&role)?);
        let organization = organization(app, &org).await?;
        let (_, secret) = tokens::create_for(app, Operator::command_line(), organization.id, name, role).await?;
        Ok(secret)
    }
}

async fn organization(app: &App, slug: &str) -> Result<Organization, Problem> {
    organizations::find_by_slug(app, slug).await.map_err(|problem| match problem.code {
        Code::NotFound => Problem::invalid("org", format!("There is no organization {slug:?}.")),
        _ => problem,
    })
}

fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    stdin().lock().read_line(&mut line).context("the password cannot be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
