//! Data to work on, made by Hearback's own use cases in the file that the server is then started on.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use hearback::{
    app::{App, Settings, candidates, limits::Limits, organizations, projects, sessions, tokens, users},
    clock::Clock,
    domain::{
        access::{Actor, Identity, Member, Operator, Whence},
        candidate::{Profile, RawProfile},
        ids::{ConversationId, ProjectId},
        link::Secret,
        organization::Slug,
        password::{OwnWords, Password},
        problem::Problem,
        text::Name,
        user::{Email, Role},
    },
    store::{Announcing, Pools, Store},
    telemetry::Metrics,
};

/// The organization's address.
pub const SLUG: &str = "bench";
const EMAIL: &str = "owner@bench.example";
const PASSWORD: &str = "a password that nobody guesses";

/// One candidate's way in.
#[derive(Clone, Debug)]
pub struct Chat {
    /// The conversation.
    pub conversation: ConversationId,
    /// The secret of the chat link.
    pub secret: String,
}

/// An organization with an owner, a program that acts as a recruiter, a project and its candidates.
#[derive(Clone, Debug)]
pub struct Office {
    /// Its address.
    pub slug: &'static str,
    /// The program's secret.
    pub token: String,
    /// The project.
    pub project: ProjectId,
    /// Its candidates.
    pub chats: Vec<Chat>,
}

/// A problem as an error.
#[expect(clippy::needless_pass_by_value, reason = "map_err gives it away")]
pub fn failed(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem}: {:?}", problem.source)
}

/// Use cases on the database of a folder, without a server.
pub struct Desk {
    /// The use cases.
    pub app: App,
    pools: Pools,
    writer: tokio::task::JoinHandle<()>,
}

impl Desk {
    /// Opens the database, creating it where there is none.
    pub async fn open(folder: &Path, clock: Clock) -> Result<Self> {
        let pools = Pools::open(&format!("sqlite://{}", folder.join("hearback.db").display())).await?;
        pools.migrate().await?;
        let metrics = Arc::<Metrics>::default();
        let (store, writer) = Store::start(pools.clone(), clock.clone(), Announcing::Nobody, Arc::clone(&metrics));
        let settings = Arc::new(Settings::default());
        Ok(Self { app: App { store, clock, limits: Arc::new(Limits::new(false)), settings, metrics }, pools, writer })
    }

    /// Writes what waits and lets the file go.
    pub async fn close(self) -> Result<()> {
        drop(self.app);
        self.writer.await?;
        self.pools.close().await;
        Ok(())
    }

    /// Makes the organization, with its owner; gives the owner.
    pub async fn found(&self) -> Result<Member> {
        let (slug, name) = (Slug::parse(SLUG).map_err(failed)?, Name::parse("name", "Bench").map_err(failed)?);
        let organization =
            organizations::create(&self.app, Operator::command_line(), slug, name).await.map_err(failed)?;
        let new = users::NewUser {
            email: Email::parse("email", EMAIL).map_err(failed)?,
            name: Name::parse("name", "Mara Owner").map_err(failed)?,
            operator: true,
            password: Some(Password::parse(PASSWORD, &OwnWords::default()).map_err(failed)?),
            membership: Some((organization.id, Role::Owner)),
        };
        let user = users::create(&self.app, Operator::command_line(), new).await.map_err(failed)?.user;
        let identity = Identity::User(user.id, None);
        let whence = Whence::CommandLine;
        Ok(Member { organization: organization.id, identity, name: user.name, role: Role::Owner, whence })
    }

    /// Makes a project.
    pub async fn project(&self, owner: &Member, name: &str) -> Result<ProjectId> {
        let name = Name::parse("name", name).map_err(failed)?;
        let project = projects::create(&self.app, &Actor::Member(owner.clone()), name, false).await;
        Ok(project.map_err(failed)?.id)
    }

    /// Makes a token for a program that acts as a recruiter.
    pub async fn token(&self, owner: &Member) -> Result<String> {
        let name = Name::parse("name", "bench").map_err(failed)?;
        let made = tokens::create(&self.app, &Actor::Member(owner.clone()), name, Role::Recruiter).await;
        Ok(made.map_err(failed)?.1.expose().to_owned())
    }

    /// As [`Desk::token`], in an organization that is there already.
    pub async fn recruiting_token(&self) -> Result<String> {
        let organization = organizations::find_by_slug(&self.app, SLUG).await.map_err(failed)?.id;
        let (name, by) = (Name::parse("name", "bench").map_err(failed)?, Operator::command_line());
        let made = tokens::create_for(&self.app, by, organization, name, Role::Recruiter).await;
        Ok(made.map_err(failed)?.1.expose().to_owned())
    }

    /// Signs the owner in; gives the cookie.
    pub async fn cookie(&self) -> Result<String> {
        let attempt = sessions::Attempt {
            email: EMAIL,
            password: PASSWORD,
            address: [127, 0, 0, 1].into(),
            user_agent: "hearback-bench",
        };
        let secret: Secret = sessions::sign_in(&self.app, attempt).await.map_err(failed)?;
        Ok(format!("hearback_session={}", secret.expose()))
    }

    async fn candidate(&self, owner: &Member, project: ProjectId, number: usize) -> Result<Chat> {
        let profile = profile(&format!("Candidate {number}")).map_err(failed)?;
        let added =
            candidates::add(&self.app, &Actor::Member(owner.clone()), project, profile).await.map_err(failed)?;
        let secret = added.chat_url.rsplit('/').next().context("a chat link without a secret")?.to_owned();
        Ok(Chat { conversation: added.conversation, secret })
    }
}

/// What is known of a made-up candidate.
pub fn profile(name: &str) -> Result<Profile, Problem> {
    let email = format!("{}@example.org", name.replace(' ', ".").to_lowercase());
    Profile::parse(RawProfile {
        name,
        email: Some(&email),
        phone: None,
        locale: None,
        time_zone: None,
        external_id: None,
    })
}

impl Office {
    /// An office with that many candidates, none of whom has written yet.
    pub async fn open(folder: &Path, candidates: usize) -> Result<Self> {
        let desk = Desk::open(folder, Clock::system()).await?;
        let owner = desk.found().await?;
        let project = desk.project(&owner, "Bench").await?;
        let token = desk.token(&owner).await?;
        let chats = stream::iter(0..candidates)
            .map(|number| desk.candidate(&owner, project, number))
            .buffered(128)
            .try_collect()
            .await?;
        desk.close().await?;
        Ok(Self { slug: SLUG, token, project, chats })
    }
}
