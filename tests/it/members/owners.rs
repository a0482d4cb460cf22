//! An organization always has an owner who can sign in.

use hearback::{
    app::{self, members, users, users::NewUser},
    domain::{
        access::Operator,
        ids::UserId,
        problem::Code,
        user::{Email, Role},
    },
};

use super::{choose, invite, status};
use crate::harness::{Browser, Hall, Server, Tenant, tenant::name};

/// An owner whom the operator has created, and who has not chosen a password.
async fn owner_without_password(hall: &Hall, acme: &Tenant) -> UserId {
    let email = Email::parse("email", "second@acme.example").unwrap();
    let membership = Some((acme.organization.id, Role::Owner));
    let new = NewUser { email, name: name("Second"), operator: false, password: None, membership };
    users::create(&hall.app, Operator::command_line(), new).await.unwrap().user.id
}

async fn the_last_owner_with_a_password_stays(hall: &Hall) {
    let (app, acme) = (&hall.app, Tenant::create(&hall.app, "acme").await);
    let (by, me) = (&acme.owner.actor, acme.owner.id);
    let second = owner_without_password(hall, &acme).await;
    for role in [Role::Recruiter, Role::Viewer] {
        let refused = members::set_role(app, by, me, role).await.expect_err("the last one with a password");
        assert_eq!(refused.code, Code::Conflict);
    }
    assert_eq!(members::remove(app, by, me).await.expect_err("leaving").code, Code::Conflict);
    let operator = Operator::command_line();
    assert_eq!(users::remove(app, operator, me).await.expect_err("by the operator").code, Code::Conflict);
    // One without a password may go: nobody is lost who could sign in.
    members::set_role(app, by, second, Role::Viewer).await.unwrap();
    members::set_role(app, by, acme.recruiter.id, Role::Owner).await.unwrap();
    users::remove(app, operator, me).await.expect("there is another owner with a password");
    let refused = users::remove(app, operator, acme.recruiter.id).await.expect_err("now the last one");
    assert_eq!(refused.code, Code::Conflict);
    users::remove(app, operator, acme.viewer.id).await.expect("no owner");
}

#[tokio::test]
async fn the_last_owner_with_a_password_stays_owner() {
    the_last_owner_with_a_password_stays(&Hall::sqlite().await).await;
}

#[tokio::test]
async fn the_last_owner_with_a_password_stays_owner_on_postgresql() {
    the_last_owner_with_a_password_stays(&Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_owner_counts_from_the_acceptance_on() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    let me = format!("/o/acme/settings/members/{}", acme.owner.id);
    let demote = [("act", "role"), ("role", "viewer")];
    let link = invite(&owner, "acme", "second@acme.example", "owner").await;
    let refused = owner.post(&me, &demote).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("An organization needs an owner who can sign in."), "{}", refused.text);
    assert_eq!(owner.post(&me, &[("act", "remove")]).await.status, 409);
    assert_eq!(choose(&Browser::open(&server).await, &link, "a walk in the rain").await.status, 303);
    assert_eq!(owner.post(&me, &demote).await.status, 303);
    assert_eq!(status(&owner, "/o/acme/settings").await, 403);
}

#[tokio::test]
async fn an_owner_whose_role_was_lowered_meanwhile_changes_no_members() {
    let hall = Hall::sqlite().await;
    let (app, acme) = (&hall.app, Tenant::create(&hall.app, "acme").await);
    let by = &acme.owner.actor;
    members::set_role(app, by, acme.recruiter.id, Role::Owner).await.unwrap();
    let signed_in_before = by.clone();
    members::set_role(app, by, acme.owner.id, Role::Viewer).await.unwrap();
    let refused = members::remove(app, &signed_in_before, acme.recruiter.id).await.expect_err("no owner any more");
    assert_eq!(refused.code, Code::Forbidden);
    let new = app::invitations::NewInvitation {
        email: Email::parse("email", "nora@acme.example").unwrap(),
        name: name("Nora"),
        role: Role::Owner,
    };
    let refused = app::invitations::create(app, &signed_in_before, new).await.expect_err("no owner any more");
    assert_eq!(refused.code, Code::Forbidden);
}
