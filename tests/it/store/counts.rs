//! The numbers that the dashboard shows are kept, not counted; they are those that counting gives.

use hearback::{
    app::{
        self, candidates,
        conversations::{self, Listing, View},
        members, organizations, projects,
        queue::{self, Resolve},
    },
    domain::{
        access::{Actor, Operator},
        conversation::{ConversationChange, ConversationStatus},
        ids::ProjectId,
        page::Limit,
        queue::EntryState,
    },
    store::Pools,
};

use crate::harness::{Chat, Hall, Tenant, act, tenant::name};

const VIEWS: [View; 6] = [View::Waiting, View::Mine, View::Unassigned, View::Snoozed, View::Closed, View::All];

/// Everybody's numbers, of every project and of all, beside what the lists hold.
async fn assert_true(hall: &Hall, acme: &Tenant, after: &str) {
    let app = &hall.app;
    for actor in [&acme.owner.actor, &acme.recruiter.actor, &acme.colleague.actor, &acme.viewer.actor, &acme.api] {
        let all = projects::list(app, actor).await.unwrap();
        let readable = all.iter().filter(|summary| summary.readable).map(|summary| Some(summary.project.id));
        for project in readable.chain([None]) {
            let counts = conversations::counts(app, actor, project).await.unwrap();
            let told =
                [counts.waiting, counts.mine, counts.unassigned, counts.snoozed, counts.closed, counts.every_one];
            for (view, told) in VIEWS.into_iter().zip(told) {
                let listing = Listing { view, project, ..Listing::default() };
                let listed = conversations::list(app, actor, listing, Limit::MAX).await.unwrap();
                assert_eq!(told, i64::try_from(listed.len()).unwrap(), "{view:?} after {after}");
            }
            let overview = queue::overview(app, actor, project, Limit::MAX).await.unwrap();
            let waiting = |state| overview.entries.iter().filter(move |entry| entry.state == state);
            let oldest = waiting(EntryState::Waiting).map(|entry| entry.enqueued_at).min();
            let counted = (waiting(EntryState::Waiting).count(), waiting(EntryState::Claimed).count(), oldest);
            let numbers = queue::numbers(app, actor, project).await.unwrap();
            let told = numbers.counts;
            let told = (told.waiting.try_into().unwrap(), told.claimed.try_into().unwrap(), told.oldest_enqueued_at);
            assert_eq!(told, counted, "after {after}");
            let overdue = overview.entries.iter().filter(|entry| entry.due_at <= app.clock.now()).count();
            assert_eq!(numbers.overdue, i64::try_from(overdue).unwrap(), "after {after}");
            if let Some(summary) = all.iter().find(|summary| Some(summary.project.id) == project) {
                let told = (summary.candidates, summary.waiting, summary.claimed);
                assert_eq!(told, (counts.every_one, numbers.counts.waiting, numbers.counts.claimed), "after {after}");
            }
        }
    }
}

async fn change(hall: &Hall, actor: &Actor, chat: &Chat, change: ConversationChange) {
    conversations::update(&hall.app, actor, chat.conversation, change).await.unwrap();
}

async fn numbers_stay_true(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let other = Tenant::create(app, "other").await;
    let (owner, recruiter, colleague) = (&acme.owner.actor, &acme.recruiter.actor, &acme.colleague.actor);
    let narrow = projects::create(app, owner, name("narrow"), false).await.unwrap();
    let mut chats = Vec::new();
    for number in 0..8 {
        let project = if number % 2 == 0 { acme.project.id } else { narrow.id };
        chats.push(Chat::create(app, owner, project, &format!("Candidate {number}")).await);
    }
    assert_true(&hall, &acme, "candidates are added").await;
    for chat in &chats[..6] {
        act::write(app, chat, "Hello?").await;
        hall.pass(chrono::TimeDelta::hours(3));
    }
    assert_true(&hall, &acme, "they write").await;
    act::next(app, recruiter).await.unwrap();
    let second = act::next(app, colleague).await.unwrap();
    assert_true(&hall, &acme, "two are claimed").await;
    let resolve = Resolve { conversation: second.entry.conversation, lease: Some(second.lease.token), seen_seq: None };
    queue::resolve(app, colleague, resolve).await.unwrap();
    assert_true(&hall, &acme, "one is done").await;
    let assigned = |id| ConversationChange { assignee: Some(Some(id)), ..ConversationChange::default() };
    let status = |status| ConversationChange { status: Some(status), ..ConversationChange::default() };
    change(&hall, owner, &chats[2], assigned(acme.recruiter.id)).await;
    change(&hall, owner, &chats[3], assigned(acme.colleague.id)).await;
    change(&hall, owner, &chats[7], assigned(acme.colleague.id)).await;
    assert_true(&hall, &acme, "some are assigned").await;
    change(&hall, owner, &chats[4], status(ConversationStatus::Snoozed)).await;
    change(&hall, owner, &chats[6], status(ConversationStatus::Snoozed)).await;
    change(&hall, owner, &chats[7], status(ConversationStatus::Closed)).await;
    assert_true(&hall, &acme, "some are set aside").await;
    act::write(app, &chats[4], "Again").await;
    act::write(app, &chats[7], "And I").await;
    assert_true(&hall, &acme, "they write again").await;
    projects::set_team(app, owner, narrow.id, true, vec![acme.colleague.id]).await.unwrap();
    assert_true(&hall, &acme, "a project is for its team alone").await;
    candidates::erase(app, owner, chats[0].added.candidate.id).await.unwrap();
    assert_true(&hall, &acme, "a candidate is erased").await;
    members::remove(app, owner, acme.colleague.id).await.unwrap();
    app::users::remove(app, Operator::command_line(), acme.viewer.id).await.unwrap();
    assert_true(&hall, &acme, "people leave").await;
    assert_true(&hall, &other, "all that").await;
    organizations::remove(app, Operator::command_line(), acme.organization.id).await.unwrap();
    assert_true(&hall, &other, "the neighbour is gone").await;
    assert_eq!(kept_for(&hall, narrow.id).await, 0, "what is gone leaves no number");
}

async fn kept_for(hall: &Hall, project: ProjectId) -> i64 {
    const KEPT: &str = "SELECT (SELECT COUNT(*) FROM conversation_counts WHERE project_id = $1) \
                        + (SELECT COUNT(*) FROM queue_counts WHERE project_id = $1)";
    let kept: (i64,) = match &hall.pools {
        Pools::Sqlite { readers, .. } => sqlx::query_as(KEPT).bind(project).fetch_one(readers).await.unwrap(),
        Pools::Postgres(pool) => sqlx::query_as(KEPT).bind(project).fetch_one(pool).await.unwrap(),
    };
    kept.0
}

#[tokio::test]
async fn the_numbers_of_the_dashboard_are_those_that_counting_gives() {
    numbers_stay_true(Hall::sqlite().await).await;
}

#[tokio::test]
async fn the_numbers_of_the_dashboard_are_those_that_counting_gives_on_postgresql() {
    numbers_stay_true(Hall::postgres().await).await;
}
