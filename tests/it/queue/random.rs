//! Random days in the queue: whatever people do in whatever order, the store holds what the model holds.

use chrono::TimeDelta;
use hearback::{
    app::{
        App, conversations,
        messages::{self, Reply},
        projects,
        queue::{self, Claimed, Resolve},
    },
    domain::{
        access::Actor,
        conversation::{ConversationChange, ConversationStatus},
        ids::ProjectId,
        page::{Limit, Stretch},
        problem::{Code, Problem},
        queue::{LeaseToken, QueueEntry},
    },
};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::{
    model::{Model, Said},
    servers::Servers,
    steps::{ACTORS, Step, TALKS, steps},
};
use crate::{
    harness::{Chat, Hall, Tenant, act, tenant::name},
    nodes::cluster::Cluster,
};

/// A project of its own for each day, so that days do not meet.
struct Day<'a> {
    servers: &'a Servers,
    /// Steps so far.
    steps: usize,
    actors: [&'a Actor; ACTORS],
    project: ProjectId,
    chats: Vec<Chat>,
    model: Model,
    /// What each actor was told last for each conversation.
    tokens: [[Option<LeaseToken>; TALKS]; ACTORS],
}

fn code<T>(outcome: Result<T, Problem>) -> Result<T, Code> {
    outcome.map_err(|problem| problem.code)
}

impl<'a> Day<'a> {
    async fn begin(servers: &'a Servers, acme: &'a Tenant) -> Self {
        let app = &servers.apps[0];
        let project = projects::create(app, &acme.owner.actor, name("a day"), false).await.unwrap().id;
        let mut chats = Vec::new();
        for number in 0..TALKS {
            let name = format!("{project} {number}");
            chats.push(Chat::create(app, &acme.owner.actor, project, &name).await);
        }
        let actors = [&acme.recruiter.actor, &acme.colleague.actor, &acme.api];
        let model = Model::new(TALKS, servers.clock.now());
        Self { servers, steps: 0, actors, project, chats, model, tokens: Default::default() }
    }

    /// The server that takes this step.
    fn app(&self) -> &'a App {
        &self.servers.apps[self.steps % self.servers.apps.len()]
    }

    fn claimed(&mut self, talk: usize, actor: usize, claimed: &Claimed) {
        let held = self.model.talks[talk].entry.as_ref().and_then(|entry| entry.held.clone());
        if let Some(held) = held.filter(|held| held.by == actor && held.token.is_some()) {
            assert_eq!(held.token.as_ref(), Some(&claimed.lease.token), "the holder keeps the token");
        }
        self.model.hold(talk, actor, Some(claimed.lease.token.clone()));
        self.tokens[actor][talk] = Some(claimed.lease.token.clone());
    }

    async fn change(&self, talk: usize, actor: usize, change: ConversationChange) -> Result<(), Code> {
        let conversation = self.chats[talk].conversation;
        code(conversations::update(self.app(), self.actors[actor], conversation, change).await).map(drop)
    }

    async fn carry_out(&mut self, step: &Step) {
        self.steps += 1;
        let app = self.app();
        match *step {
            Step::Write(talk) => {
                let seq = act::write(app, &self.chats[talk], "Hello").await;
                self.model.write(talk);
                assert_eq!(usize::try_from(seq).unwrap(), self.model.talks[talk].messages.len(), "no gap");
            }
            Step::Next(actor) => self.next(actor).await,
            Step::Claim(talk, actor, take_over) => self.claim(talk, actor, take_over).await,
            Step::Renew(talk, actor) => self.renew(talk, actor).await,
            Step::Release(talk, actor) => {
                let Some(token) = self.tokens[actor][talk].clone() else { return };
                let expected = self.model.may_keep(talk, actor, &token);
                let conversation = self.chats[talk].conversation;
                let outcome = queue::release(app, self.actors[actor], conversation, token).await;
                assert_eq!(code(outcome), expected);
                if expected.is_ok() {
                    self.model.release(talk);
                }
            }
            Step::Resolve(talk, actor, with_lease) => {
                let lease = self.tokens[actor][talk].clone().filter(|_| with_lease);
                let expected = self.model.resolve(talk, actor, lease.as_ref());
                let resolve = Resolve { conversation: self.chats[talk].conversation, lease, seen_seq: None };
                assert_eq!(code(queue::resolve(app, self.actors[actor], resolve).await), expected);
            }
            Step::Answer(talk, actor, unseen, with_lease, take_over) => {
                let lease = self.tokens[actor][talk].clone().filter(|_| with_lease);
                self.answer(talk, actor, Said { seen: unseen, lease, take_over }).await;
            }
            Step::Snooze(talk, actor, seconds) => {
                let until = self.model.now.plus(TimeDelta::seconds(seconds));
                let status = Some(ConversationStatus::Snoozed);
                let change = ConversationChange { status, snooze_until: Some(until), ..Default::default() };
                let expected = self.model.snooze(talk, actor, until);
                assert_eq!(self.change(talk, actor, change).await, expected);
            }
            Step::Close(talk, actor) => {
                let change = ConversationChange { status: Some(ConversationStatus::Closed), ..Default::default() };
                let expected = self.model.close(talk, actor);
                assert_eq!(self.change(talk, actor, change).await, expected);
            }
            Step::Prioritize(talk, priority) => {
                let change = ConversationChange { priority: Some(priority), ..Default::default() };
                assert_eq!(self.change(talk, 0, change).await, Ok(()));
                self.model.talks[talk].priority = priority;
            }
            Step::Pass(seconds) => {
                self.servers.clock.set(self.servers.clock.now().plus(TimeDelta::seconds(seconds)));
                self.model.pass(TimeDelta::seconds(seconds));
                queue::sweep(app).await.unwrap();
            }
        }
    }

    async fn next(&mut self, actor: usize) {
        let claimed = queue::next(self.app(), self.actors[actor], Some(self.project)).await.unwrap();
        let expected = self.model.next();
        let got = claimed.as_ref().map(|claimed| claimed.entry.conversation);
        assert_eq!(got, expected.map(|talk| self.chats[talk].conversation), "the head");
        if let (Some(talk), Some(claimed)) = (expected, &claimed) {
            self.claimed(talk, actor, claimed);
        }
    }

    async fn claim(&mut self, talk: usize, actor: usize, take_over: bool) {
        let conversation = self.chats[talk].conversation;
        let outcome = code(queue::claim(self.app(), self.actors[actor], conversation, take_over).await);
        let expected = self.model.may_claim(talk, actor, take_over);
        assert_eq!(outcome.as_ref().map(drop).map_err(|code| *code), expected);
        if let Ok(claimed) = outcome {
            self.claimed(talk, actor, &claimed);
        }
    }

    async fn renew(&mut self, talk: usize, actor: usize) {
        let Some(token) = self.tokens[actor][talk].clone() else { return };
        let expected = self.model.may_keep(talk, actor, &token);
        let conversation = self.chats[talk].conversation;
        let outcome = queue::renew(self.app(), self.actors[actor], conversation, token.clone()).await;
        assert_eq!(code(outcome).map(drop), expected);
        if expected.is_ok() {
            self.model.hold(talk, actor, Some(token));
        }
    }

    /// `seen` comes as how many of the last messages were not seen.
    async fn answer(&mut self, talk: usize, actor: usize, said: Said) {
        let seen = self.model.talks[talk].messages.len().saturating_sub(said.seen);
        let said = Said { seen, ..said };
        let reply =
            Reply { seen_seq: i64::try_from(seen).unwrap(), lease: said.lease.clone(), take_over: said.take_over };
        let outcome = act::answer(self.app(), self.actors[actor], &self.chats[talk], reply).await;
        assert_eq!(code(outcome).map(drop), self.model.answer(talk, actor, &said));
    }

    /// Every unhandled message is queued exactly once, at its place, with at most one lease; nothing else is.
    async fn check(&self) {
        let overview = queue::overview(self.app(), self.actors[0], Some(self.project), Limit::MAX).await.unwrap();
        let line = self.model.line();
        let place = |entry: &QueueEntry| entry.conversation;
        let expected: Vec<_> = line.iter().map(|talk| self.chats[*talk].conversation).collect();
        assert_eq!(overview.entries.iter().map(place).collect::<Vec<_>>(), expected, "the order");
        for (entry, talk) in overview.entries.iter().zip(&line) {
            let talk = &self.model.talks[*talk];
            let unhandled: Vec<i64> = talk.unhandled().iter().map(|seq| i64::try_from(*seq).unwrap()).collect();
            let model = talk.entry.as_ref().unwrap();
            assert_eq!(entry.unread, i64::try_from(unhandled.len()).unwrap());
            assert_eq!((Some(&entry.first_seq), Some(&entry.last_seq)), (unhandled.first(), unhandled.last()));
            assert_eq!((entry.enqueued_at, Some(entry.due_at)), (model.enqueued_at, talk.due_at()));
            let held = entry.claim.as_ref().map(|claim| (claim.holder.id, claim.lease.expires_at));
            let id = |actor: usize| self.actors[actor].member().unwrap().id();
            assert_eq!(held, model.held.as_ref().map(|held| (id(held.by), held.until)));
        }
        let claimed = overview.entries.iter().filter(|entry| entry.claim.is_some()).count();
        assert_eq!(overview.counts.claimed, i64::try_from(claimed).unwrap());
        assert_eq!(overview.counts.waiting, i64::try_from(line.len() - claimed).unwrap());
        for talk in &self.model.talks {
            assert_eq!(talk.entry.is_some(), !talk.unhandled().is_empty(), "queued exactly when unhandled");
        }
    }

    async fn check_sequence(&self) {
        for (chat, talk) in self.chats.iter().zip(&self.model.talks) {
            let stretch = Stretch::After(0);
            let page =
                messages::history(self.app(), self.actors[0], chat.conversation, stretch, Limit::MAX).await.unwrap();
            let seqs: Vec<i64> = page.items.iter().map(|message| message.seq).collect();
            assert_eq!(seqs, (1..=i64::try_from(talk.messages.len()).unwrap()).collect::<Vec<_>>());
        }
    }
}

#[test]
fn whatever_people_do_the_queue_holds_what_the_model_holds() {
    walk(Hall::sqlite(), 48);
}

#[test]
fn whatever_people_do_the_queue_holds_what_the_model_holds_on_postgresql() {
    walk(Hall::postgres(), 12);
}

#[test]
fn whatever_people_do_on_two_servers_the_queue_holds_what_the_model_holds() {
    walk(Cluster::start(2), 12);
}

fn walk(servers: impl Future<Output = impl Into<Servers>>, days: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (servers, acme) = runtime.block_on(async {
        let servers: Servers = servers.await.into();
        let acme = Tenant::create(&servers.apps[0], "acme").await;
        (servers, acme)
    });
    let config = Config { cases: days, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let walked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            runtime.block_on(async {
                let mut day = Day::begin(&servers, &acme).await;
                for step in &steps {
                    day.carry_out(step).await;
                    day.check().await;
                }
                day.check_sequence().await;
            });
        }));
        walked.map_err(|_| TestCaseError::fail("the store and the model differ"))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
