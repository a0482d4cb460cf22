//! Where the story is played: the organization, its people, and one use case for each act.

use super::{
    story::{Act, By, Colleague, OWNER, RECRUITERS, Thread},
    whole::SLUG,
};
use crate::{
    app::{
        App, announcements,
        announcements::PostAnnouncement,
        candidates, conversations, links, messages,
        messages::{Post, Reply},
        notes,
        notes::PostNote,
        organizations, projects, queue,
        queue::Resolve,
        users,
        users::NewUser,
    },
    domain::{
        access::{Actor, Identity, Member, Operator, Whence},
        candidate::{Profile, RawProfile},
        conversation::{ConversationChange, ConversationStatus, Label},
        ids::{ConversationId, OrganizationId, ProjectId},
        link::Secret,
        message::NewMessage,
        organization::Slug,
        password::{OwnWords, Password},
        problem::Problem,
        text::{Body, Name},
        user::{Email, Role},
    },
};
use chrono::TimeDelta;

/// The organization with its people.
pub(super) struct Stage<'a> {
    app: &'a App,
    pub(super) slug: Slug,
    pub(super) password: String,
    recruiters: Vec<Member>,
    projects: Vec<ProjectId>,
}

/// A conversation of the story.
pub(super) struct Live {
    pub(super) name: &'static str,
    pub(super) secret: String,
    conversation: ConversationId,
    candidate: Actor,
    last_seq: i64,
}

impl<'a> Stage<'a> {
    pub(super) async fn set(app: &'a App, projects: &[&str]) -> Result<Self, Problem> {
        let (slug, name) = (Slug::parse(SLUG)?, Name::parse("name", "Acme")?);
        let organization = organizations::create(app, Operator::command_line(), slug.clone(), name).await?;
        let password = app.clock.new_secret().expose().chars().take(16).collect();
        let mut stage = Self { app, slug, password, recruiters: Vec::new(), projects: Vec::new() };
        let owner = stage.hire(organization.id, &OWNER, Role::Owner).await?;
        for recruiter in &RECRUITERS {
            let member = stage.hire(organization.id, recruiter, Role::Recruiter).await?;
            stage.recruiters.push(member);
        }
        for name in projects {
            let actor = Actor::Member(owner.clone());
            let project = projects::create(app, &actor, Name::parse("name", name)?, false).await?;
            stage.projects.push(project.id);
        }
        Ok(stage)
    }

    async fn hire(&self, organization: OrganizationId, who: &Colleague, role: Role) -> Result<Member, Problem> {
        let new = NewUser {
            email: Email::parse("email", who.email)?,
            name: Name::parse("name", who.name)?,
            operator: role == Role::Owner,
            password: Some(Password::parse(&self.password, &OwnWords::default())?),
            membership: Some((organization, role)),
        };
        let user = users::create(self.app, Operator::command_line(), new).await?.user;
        let identity = Identity::User(user.id, None);
        Ok(Member { organization, identity, name: user.name, role, whence: Whence::CommandLine })
    }

    fn member(&self, by: By) -> &Member {
        &self.recruiters[by as usize]
    }

    fn actor(&self, by: By) -> Actor {
        Actor::Member(self.member(by).clone())
    }

    /// Adds a candidate, who then is as far as having opened the chat link.
    pub(super) async fn enter(&self, thread: &Thread) -> Result<Live, Problem> {
        let (app, actor) = (self.app, self.actor(By::Mara));
        let profile = Profile::parse(RawProfile {
            name: thread.name,
            email: Some(thread.email),
            phone: Some(thread.phone),
            locale: Some(thread.locale),
            time_zone: Some(thread.time_zone),
            external_id: None,
        })?;
        let added = candidates::add(app, &actor, self.projects[thread.project], profile).await?;
        let change = ConversationChange {
            assignee: thread.assignee.map(|by| self.member(by).user()),
            priority: Some(thread.priority),
            labels: Some(Label::parse_all(thread.labels.iter().copied())?),
            ..ConversationChange::default()
        };
        conversations::update(app, &actor, added.conversation, change).await?;
        let secret = added.chat_url.rsplit('/').next().unwrap_or_default().to_owned();
        let shown = Secret::parse(&secret).ok_or_else(Problem::not_found)?;
        let candidate = links::candidate(app, actor.organization(), &shown)
            .await
            .map_err(|refusal| Problem::internal(format!("the candidate's link does not work: {refusal:?}")))?;
        let candidate = Actor::Candidate(candidate);
        Ok(Live { name: thread.name, secret, conversation: added.conversation, candidate, last_seq: 0 })
    }

    pub(super) async fn announce(&self, project: usize, text: &str) -> Result<(), Problem> {
        let post = PostAnnouncement {
            project: self.projects[project],
            client_id: self.app.clock.new_id(),
            body: Body::parse("body", text)?,
            origin: None,
        };
        announcements::post(self.app, &self.actor(By::Mara), post).await.map(drop)
    }

    pub(super) async fn act(&self, live: &mut Live, act: Act) -> Result<(), Problem> {
        let (app, conversation) = (self.app, live.conversation);
        match act {
            Act::Says(text) => self.post(live, &live.candidate.clone(), text, None).await,
            Act::Answers(by, text) => self.answer(live, by, live.last_seq, text).await,
            Act::AnswersUpTo(by, seq, text) => self.answer(live, by, seq, text).await,
            Act::Notes(by, text) => {
                let body = Body::parse("body", text)?;
                let note = PostNote { conversation, client_id: app.clock.new_id(), body, origin: None };
                notes::post(app, &self.actor(by), note).await.map(drop)
            }
            Act::Reads => messages::mark_read(app, &live.candidate, conversation, live.last_seq).await,
            Act::Claims(by) => queue::claim(app, &self.actor(by), conversation, false).await.map(drop),
            Act::Resolves(by) => {
                let resolve = Resolve { conversation, lease: None, seen_seq: None };
                queue::resolve(app, &self.actor(by), resolve).await
            }
            Act::Snoozes(by, hours) => {
                let until = app.clock.now().plus(TimeDelta::hours(hours));
                let change = ConversationChange { snooze_until: Some(until), ..status(ConversationStatus::Snoozed) };
                conversations::update(app, &self.actor(by), conversation, change).await.map(drop)
            }
            Act::Closes(by) => {
                let change = status(ConversationStatus::Closed);
                conversations::update(app, &self.actor(by), conversation, change).await.map(drop)
            }
        }
    }

    async fn answer(&self, live: &mut Live, by: By, seen_seq: i64, text: &str) -> Result<(), Problem> {
        let actor = self.actor(by);
        if seen_seq > 0 {
            messages::mark_read(self.app, &actor, live.conversation, seen_seq).await?;
        }
        let reply = Reply { seen_seq, lease: None, take_over: false };
        self.post(live, &actor, text, Some(reply)).await
    }

    async fn post(&self, live: &mut Live, actor: &Actor, text: &str, reply: Option<Reply>) -> Result<(), Problem> {
        let message = NewMessage {
            conversation: live.conversation,
            client_id: self.app.clock.new_id(),
            body: Body::parse("body", text)?,
        };
        let posted = messages::post(self.app, actor, Post { message, reply, origin: None }).await?;
        live.last_seq = posted.message.seq;
        Ok(())
    }
}

fn status(status: ConversationStatus) -> ConversationChange {
    ConversationChange { status: Some(status), ..ConversationChange::default() }
}
