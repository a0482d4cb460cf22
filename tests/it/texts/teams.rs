//! Assignments and claims follow access.

use hearback::{
    app::{App, conversations, members, projects, queue},
    domain::{conversation::ConversationChange, queue::EntryState, user::Role},
};
use serde_json::json;

use crate::harness::{
    Hall, Server, Socket, Tenant,
    act::{entry, next, write},
};

async fn assign(app: &App, acme: &Tenant, to: &crate::harness::Person) {
    let change = ConversationChange { assignee: Some(Some(to.id)), ..ConversationChange::default() };
    conversations::update(app, &acme.owner.actor, acme.chat.conversation, change).await.unwrap();
}

async fn assignee(app: &App, acme: &Tenant) -> Option<hearback::domain::ids::UserId> {
    let found = conversations::find(app, &acme.api, acme.chat.conversation).await.unwrap();
    found.conversation.assignee.map(|brief| brief.id)
}

async fn follows_access(hall: Hall) {
    let (app, acme) = (&hall.app, Tenant::create(&hall.app, "acme").await);
    let team = [acme.owner.id, acme.recruiter.id];
    write(app, &acme.chat, "Hello").await;
    assign(app, &acme, &acme.colleague).await;
    queue::claim(app, &acme.colleague.actor, acme.chat.conversation, false).await.unwrap();
    assert!(next(app, &acme.recruiter.actor).await.is_none(), "it is the colleague's");

    projects::set_team(app, &acme.owner.actor, acme.project.id, true, team.to_vec()).await.unwrap();
    assert_eq!(assignee(app, &acme).await, None);
    let waiting = entry(app, &acme.owner.actor, acme.chat.conversation).await.unwrap();
    assert_eq!(waiting.state, EntryState::Waiting);
    let claimed = next(app, &acme.recruiter.actor).await.unwrap();
    assert_eq!(claimed.entry.conversation, acme.chat.conversation);

    // Out of the team of a project that is restricted already; who stays keeps what is theirs.
    assign(app, &acme, &acme.recruiter).await;
    let team = [acme.owner.id, acme.recruiter.id, acme.colleague.id];
    projects::set_team(app, &acme.owner.actor, acme.project.id, true, team.to_vec()).await.unwrap();
    assert_eq!(assignee(app, &acme).await, Some(acme.recruiter.id));
    assert_eq!(entry(app, &acme.owner.actor, acme.chat.conversation).await.unwrap().state, EntryState::Claimed);
    let change = projects::TeamChange { remove: vec![acme.recruiter.id], ..projects::TeamChange::default() };
    projects::change_team(app, &acme.owner.actor, acme.project.id, change).await.unwrap();
    assert_eq!(assignee(app, &acme).await, None);
    assert_eq!(entry(app, &acme.owner.actor, acme.chat.conversation).await.unwrap().state, EntryState::Waiting);

    // A viewer answers nobody, and who is gone neither.
    for role in [Some(Role::Viewer), None] {
        let team = [acme.owner.id, acme.colleague.id];
        projects::set_team(app, &acme.owner.actor, acme.project.id, true, team.to_vec()).await.unwrap();
        assign(app, &acme, &acme.colleague).await;
        queue::claim(app, &acme.colleague.actor, acme.chat.conversation, true).await.unwrap();
        match role {
            Some(role) => members::set_role(app, &acme.owner.actor, acme.colleague.id, role).await.unwrap(),
            None => members::remove(app, &acme.owner.actor, acme.colleague.id).await.unwrap(),
        }
        assert_eq!(assignee(app, &acme).await, None, "{role:?}");
        assert_eq!(entry(app, &acme.owner.actor, acme.chat.conversation).await.unwrap().state, EntryState::Waiting);
        if role.is_some() {
            members::set_role(app, &acme.owner.actor, acme.colleague.id, Role::Recruiter).await.unwrap();
        }
    }
}

#[tokio::test]
async fn assignments_and_claims_follow_access_on_sqlite() {
    follows_access(Hall::sqlite().await).await;
}

#[tokio::test]
async fn assignments_and_claims_follow_access_on_postgresql() {
    follows_access(Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_is_shown_at_once_that_an_assignee_lost_access() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let (app, conversation) = (server.app(), json!(acme.chat.conversation));
    write(app, &acme.chat, "Hello").await;
    assign(app, &acme, &acme.colleague).await;
    queue::claim(app, &acme.colleague.actor, acme.chat.conversation, false).await.unwrap();
    let recruiter = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.recruiter.cookie()).await;
    recruiter.forget();
    let team = vec![acme.owner.id, acme.recruiter.id];
    projects::set_team(app, &acme.owner.actor, acme.project.id, true, team).await.unwrap();
    recruiter.event("queue:changed", |told| told["reason"] == "released").await;
    let is_it = |told: &serde_json::Value| told["conversation"]["id"] == conversation;
    let told = recruiter.event("conversation:updated", is_it).await;
    assert_eq!(told["conversation"]["assignee"], json!(null));

    assign(app, &acme, &acme.recruiter).await;
    let owner = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.owner.cookie()).await;
    owner.forget();
    members::remove(app, &acme.owner.actor, acme.recruiter.id).await.unwrap();
    let told = owner.event("conversation:updated", is_it).await;
    assert_eq!(told["conversation"]["assignee"], json!(null));
}
