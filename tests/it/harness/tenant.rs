//! An organization with one person of each role, a project and a candidate.

use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use hearback::{
    app::{self, App, actors, candidates::Added, invitations::NewInvitation},
    domain::{
        access::{Actor, CandidateActor, Operator, Whence},
        alert::{Alert, Severity},
        audit::{Act, Action, By},
        candidate::{Profile, RawProfile},
        health::{CheckId, Subject},
        ids::{AlertId, ConversationId, InvitationId, JobId, LinkId, OrganizationId, ProjectId, SessionId, UserId},
        job::{NewJob, Work},
        link::{Secret, SecretHash},
        mail::Mail,
        organization::{Organization, Slug},
        problem::Problem,
        project::Project,
        session::Session,
        text::Name,
        user::{Email, Role, User},
    },
    store::{Change, Tx, audit, members, sessions, users},
};

use super::act::schedule;

/// Everybody's.
pub const PASSWORD: &str = "a long walk by the river";

/// [`PASSWORD`] as the store keeps it.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$i4IvjLkTo0JqYnDc/wOx7g$PUqZM+zC64aLSFtSotR6EON9kPk9Sd0IA5K/IV6auhM";

/// From where everybody of them acts.
pub const HERE: Whence = Whence::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));

/// A user who is signed in.
#[derive(Clone)]
pub struct Person {
    pub id: UserId,
    pub actor: Actor,
    /// The session cookie's value.
    pub session: String,
    pub session_id: SessionId,
}

/// A candidate in a project, with the chat link.
#[derive(Clone)]
pub struct Chat {
    pub conversation: ConversationId,
    /// The last segment of the chat link.
    pub link: String,
    pub actor: Actor,
    pub added: Added,
}

/// An organization and who is in it.
pub struct Tenant {
    pub organization: Organization,
    pub owner: Person,
    pub recruiter: Person,
    pub colleague: Person,
    pub viewer: Person,
    /// A recruiter's API token.
    pub token: String,
    pub api: Actor,
    pub project: Project,
    pub chat: Chat,
    /// Open, found by a server that is gone.
    pub alert: AlertId,
    /// Of a person who has not accepted it.
    pub invitation: InvitationId,
    /// The secret of its link.
    pub offer: String,
    /// Mails that are due in a year.
    pub jobs: [JobId; 2],
}

/// An alert of a server that nobody knows any more.
async fn found_by_another(app: &App, organization: &Organization) -> AlertId {
    let alert = Alert {
        id: app.clock.new_id(),
        check: CheckId::DiskSpace,
        subject: Subject::Node(format!("gone-{}", organization.slug)),
        severity: Severity::Warning,
        sentence: format!("The disk of {} is nearly full.", organization.slug),
        remedy: "Make room on it.".to_owned(),
        fired_at: app.clock.now(),
        cleared_at: None,
        acknowledged_at: None,
        acknowledged_by: None,
    };
    let id = alert.id;
    assert!(app::alerts::keep(app, alert).await.unwrap());
    id
}

pub fn name(text: &str) -> Name {
    Name::parse("name", text).unwrap()
}

/// A user with [`PASSWORD`] and a session, written without hashing a password.
struct SignedIn {
    email: Email,
    name: Name,
    membership: Option<(OrganizationId, Role)>,
    session: SecretHash,
}

impl Change for SignedIn {
    type Output = UserId;

    async fn apply(&self, tx: &mut Tx) -> Result<UserId, Problem> {
        let now = tx.now();
        let user = User {
            id: tx.new_id(),
            email: self.email.clone(),
            name: self.name.clone(),
            operator: self.membership.is_none(),
            confirmed_at: Some(now),
            removed_at: None,
            created_at: now,
        };
        users::insert(&mut tx.conn, &user, Some(HASH)).await?;
        let mut created = Act::new(Operator::command_line(), Action::UserCreated).on(user.id);
        if let Some((organization, role)) = self.membership {
            members::insert(&mut tx.conn, organization, user.id, role, now).await?;
            created = created.within(organization).fact("role", role);
        }
        audit::record(tx, created).await?;
        let user_agent = "test".to_owned();
        let session = Session { id: tx.new_id(), user: user.id, created_at: now, last_seen_at: now, user_agent };
        sessions::insert(&mut tx.conn, &session, self.session).await?;
        audit::record(tx, Act::new(By::user(&user, HERE), Action::SignedIn).on(user.id)).await?;
        Ok(user.id)
    }
}

/// Creates a user, an operator where they belong to no organization; gives the session, too.
async fn signed_in(
    app: &App,
    email: &str,
    called: &str,
    membership: Option<(OrganizationId, Role)>,
) -> (UserId, Secret) {
    let secret = app.clock.new_secret();
    let email = Email::parse("email", email).unwrap();
    let user = SignedIn { email, name: name(called), membership, session: secret.hash() };
    (app.store.commit(user).await.unwrap(), secret)
}

/// Invites a person; gives the secret of the link.
pub async fn invite(app: &App, by: &Actor, email: &str, role: Role) -> String {
    let new = NewInvitation { email: Email::parse("email", email).unwrap(), name: name("Asked"), role };
    app::invitations::create(app, by, new).await.unwrap().expose().to_owned()
}

/// The cookie of somebody who runs the installation and belongs to no organization.
pub async fn operators_cookie(app: &App) -> String {
    let (_, secret) = signed_in(app, "operator@hearback.example", "Operator", None).await;
    format!("hearback_session={}", secret.expose())
}

async fn later(app: &App, organization: &Organization) -> JobId {
    let to = Email::parse("to", &format!("owner@{}.example", organization.slug)).unwrap();
    let work = Work::Mail(Mail { to, subject: "A year".to_owned(), text: "It has passed.".to_owned() });
    let run_at = Some(app.clock.now().plus(TimeDelta::days(365)));
    schedule(app, NewJob { work, organization: Some(organization.id), run_at }).await
}

impl Tenant {
    /// `slug` also stands in every name, so that a foreign eye would be noticed.
    pub async fn create(app: &App, slug: &str) -> Self {
        let operator = Operator::command_line();
        let organization =
            app::organizations::create(app, operator, Slug::parse(slug).unwrap(), name(&format!("House {slug}")))
                .await
                .unwrap();
        let owner = Person::create(app, &organization, "owner", Role::Owner).await;
        let recruiter = Person::create(app, &organization, "recruiter", Role::Recruiter).await;
        let colleague = Person::create(app, &organization, "colleague", Role::Recruiter).await;
        let viewer = Person::create(app, &organization, "viewer", Role::Viewer).await;
        let (_, secret) =
            app::tokens::create(app, &owner.actor, name(&format!("program {slug}")), Role::Recruiter).await.unwrap();
        let (_, api) = actors::bearer(app, secret.expose(), HERE).await.unwrap();
        let project = app::projects::create(app, &owner.actor, name(&format!("project {slug}")), false).await.unwrap();
        let chat = Chat::create(app, &owner.actor, project.id, &format!("candidate {slug}")).await;
        let token = secret.expose().to_owned();
        let jobs = [later(app, &organization).await, later(app, &organization).await];
        let alert = found_by_another(app, &organization).await;
        let offer = invite(app, &owner.actor, &format!("asked@{slug}.example"), Role::Viewer).await;
        let invitation = app::invitations::list(app, &owner.actor).await.unwrap()[0].id;
        Self {
            organization,
            owner,
            recruiter,
            colleague,
            viewer,
            token,
            api,
            project,
            chat,
            alert,
            invitation,
            offer,
            jobs,
        }
    }

    pub fn namespace(&self) -> String {
        self.organization.slug.namespace()
    }

    /// Another candidate in the project.
    pub async fn add_candidate(&self, app: &App, name: &str) -> Chat {
        Chat::create(app, &self.owner.actor, self.project.id, name).await
    }
}

impl Person {
    pub async fn create(app: &App, organization: &Organization, who: &str, role: Role) -> Self {
        Self::named(app, organization, who, &format!("{who} {}", organization.slug), role).await
    }

    /// As [`Person::create`], with a name of any kind.
    pub async fn named(app: &App, organization: &Organization, who: &str, called: &str, role: Role) -> Self {
        let slug = organization.slug.as_str();
        let email = format!("{who}@{slug}.example");
        let (id, secret) = signed_in(app, &email, called, Some((organization.id, role))).await;
        let signed_in = app::sessions::resume(app, &secret, HERE).await.unwrap().unwrap();
        let (_, actor) = actors::member(&signed_in, slug).unwrap();
        Self { id, actor, session: secret.expose().to_owned(), session_id: signed_in.session.id }
    }

    /// The header by which the browser of this person is known.
    pub fn cookie(&self) -> String {
        format!("hearback_session={}", self.session)
    }
}

impl Chat {
    pub async fn create(app: &App, by: &Actor, project: ProjectId, name: &str) -> Self {
        let raw = RawProfile { name, ..RawProfile::default() };
        let added = app::candidates::add(app, by, project, Profile::parse(raw).unwrap()).await.unwrap();
        let link = added.chat_url.rsplit('/').next().unwrap().to_owned();
        let conversation = added.conversation;
        let known: Vec<(ConversationId, LinkId)> = vec![(conversation, app.clock.new_id())];
        let actor = Actor::Candidate(CandidateActor {
            organization: by.organization(),
            id: added.candidate.id,
            name: added.candidate.profile.name.clone(),
            conversations: known,
            session: None,
        });
        debug_assert!(Secret::parse(&link).is_some(), "the last segment is the secret");
        Self { conversation, link, actor, added }
    }
}
