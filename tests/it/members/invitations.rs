//! Joining waits for the person, and the owner learns nothing about who has an account.

use hearback::{app, domain::access::Operator};
use reqwest::Method;
use serde_json::json;

use super::{choose, invite, link_in, signed_in, status, token};
use crate::harness::{Browser, Server, Socket, Tenant, dump::difference, tenant::PASSWORD};

const JONAS: &str = "recruiter@acme.example";

/// Two organizations, and a browser of globex' owner.
async fn two() -> (Server, Tenant, Tenant, Browser) {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let globex = Tenant::create(server.app(), "globex").await;
    let owner = Browser::of(&server, &globex.owner.cookie()).await;
    (server, acme, globex, owner)
}

/// A page without what is different each time: secrets and ids.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| (word.len() == 43 || word.len() == 36) && !word.contains(' ');
    let is_moment = |word: &str| word.len() == 24 && word.ends_with('Z') && word.starts_with("20");
    let all = text.split(['"', '/', '<', '>']).filter(|word| !is_id(word) && !is_moment(word));
    all.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_gets_the_same_answer_for_a_known_a_removed_and_an_unknown_address() {
    let (server, acme, globex, owner) = two().await;
    let (app, by) = (server.app(), &globex.owner.actor);
    app::users::remove(app, Operator::command_line(), acme.colleague.id).await.unwrap();
    let mut pages = Vec::new();
    for email in [JONAS, "nobodyxxx@acme.example", "colleague@acme.example"] {
        let fields = [("name", "Typed"), ("email", email), ("role", "viewer")];
        let answer = owner.post("/o/globex/settings/members", &fields).await;
        assert_eq!(answer.status, 200, "{email}");
        let list = owner.get("/o/globex/settings").await.text;
        assert!(list.contains("Invited") && list.contains(email) && list.contains("Typed"), "{list}");
        assert!(!list.contains("recruiter acme") && !list.contains("colleague acme"), "the account's name: {list}");
        pages.push(without_ids(&answer.text).replace(email, "ADDRESS"));
        let all = app::invitations::list(app, by).await.unwrap();
        let invitation = all.iter().find(|invitation| invitation.email.as_str() == email).unwrap();
        app::invitations::withdraw(app, by, invitation.id).await.unwrap();
    }
    assert_eq!(pages[0], pages[1], "known and unknown");
    assert_eq!(pages[1], pages[2], "unknown and removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_reaches_nothing_before_accepting_and_accepts_once() {
    let (server, acme, globex, owner) = two().await;
    let app = server.app();
    let jonas = Browser::of(&server, &acme.recruiter.cookie()).await;
    let link = invite(&owner, "globex", JONAS, "recruiter").await;

    let before = server.dump().await;
    assert_eq!(status(&jonas, "/o/globex").await, 404);
    let socket = Socket::connect(&server, "/org/globex", json!({}), &[("cookie", &acme.recruiter.cookie())]).await;
    assert_eq!(socket.err().as_deref(), Some("Invalid namespace"));
    let members = app::members::list(app, &globex.owner.actor).await.unwrap();
    assert!(members.iter().all(|member| member.email.as_str() != JONAS), "no member");
    let update = format!("/o/globex/conversations/{}/update", globex.chat.conversation);
    let assigned = owner.post(&update, &[("assignee", &acme.recruiter.id.to_string())]).await;
    assert_eq!(assigned.status, 400, "no assignee");
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(jonas.send(jonas.request(method, &link)).await.status, 200);
    }
    assert_eq!(difference(&before, &server.dump().await), Vec::<String>::new());

    let page = jonas.get(&link).await.text;
    assert!(page.contains("Accept invitation") && page.contains("House globex"), "{page}");
    let accepted = jonas.post("/setup/accept", &[("token", token(&link))]).await;
    assert_eq!(accepted.location.as_deref(), Some("/o/globex"), "{}", accepted.text);
    assert_eq!(status(&jonas, "/o/globex").await, 200);
    assert_eq!(status(&jonas, "/o/globex/settings").await, 403, "with the role of the invitation");
    assert_eq!(status(&jonas, &link).await, 404);
    assert_eq!(jonas.post("/setup/accept", &[("token", token(&link))]).await.status, 404);
    let again = owner.post("/o/globex/settings/members", &[("name", "x"), ("email", JONAS), ("role", "owner")]).await;
    assert_eq!(again.status, 409, "a member already");
    let list = owner.get("/o/globex/settings").await.text;
    assert_eq!(list.matches(JONAS).count(), 1, "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_a_confirmed_account_has_to_sign_in_as_that_account() {
    let (server, acme, _, owner) = two().await;
    let link = invite(&owner, "globex", JONAS, "viewer").await;

    let nobody = Browser::open(&server).await;
    let page = nobody.get(&link).await.text;
    assert!(page.contains("Sign in to accept") && !page.contains("new-password"), "{page}");
    assert!(!page.contains("recruiter acme"), "the account's name is not shown");
    assert_eq!(choose(&nobody, &link, "a walk in the rain").await.status, 409);
    let waits = nobody.post("/setup/accept", &[("token", token(&link))]).await;
    assert_eq!(waits.location.as_deref(), Some(link.as_str()), "sign in first");

    let other = Browser::of(&server, &acme.viewer.cookie()).await;
    let page = other.get(&link).await.text;
    assert!(page.contains("viewer@acme.example") && !page.contains("Accept invitation"), "{page}");
    assert_eq!(other.post("/setup/accept", &[("token", token(&link))]).await.status, 409);
    assert_eq!(status(&other, "/o/globex").await, 404);
    let out = other.post("/sign-out", &[("return_to", &link)]).await;
    assert_eq!(out.location.as_deref(), Some(link.as_str()));

    let fields = [("email", JONAS), ("password", PASSWORD), ("return_to", link.as_str())];
    assert_eq!(other.post("/sign-in", &fields).await.location.as_deref(), Some(link.as_str()));
    let accepted = other.post("/setup/accept", &[("token", token(&link))]).await;
    assert_eq!(accepted.location.as_deref(), Some("/o/globex"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_person_chooses_a_password_and_joins() {
    let (server, .., owner) = two().await;
    let link = invite(&owner, "globex", "nora@globex.example", "recruiter").await;
    let nora = Browser::open(&server).await;
    let page = nora.get(&link).await.text;
    assert!(page.contains("Choose your password") && !page.contains("current-password"), "{page}");
    let refused = choose(&nora, &link, "the globex that I know").await;
    assert!(refused.status == 400 && refused.text.contains("Leave your name"), "{}", refused.text);
    assert_eq!(status(&nora, &link).await, 200, "not used up");
    let chosen = choose(&nora, &link, "a walk in the rain").await;
    assert_eq!(chosen.location.as_deref(), Some("/sign-in?done=password"));
    assert_eq!(choose(&nora, &link, "a walk in the snow").await.status, 404);
    let nora = signed_in(&server, "nora@globex.example", "a walk in the rain").await;
    assert_eq!(status(&nora, "/o/globex").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_account_is_refused_with_a_sentence() {
    let (server, acme, _, owner) = two().await;
    app::users::remove(server.app(), Operator::command_line(), acme.recruiter.id).await.unwrap();
    let link = invite(&owner, "globex", JONAS, "viewer").await;
    let nobody = Browser::open(&server).await;
    for answer in [nobody.get(&link).await, choose(&nobody, &link, "a walk in the rain").await] {
        assert_eq!(answer.status, 409);
        assert!(answer.text.contains("has removed the account"), "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_renewed_withdrawn_and_expires_and_only_the_last_link_works() {
    let (server, acme, globex, owner) = two().await;
    let nobody = Browser::open(&server).await;
    let first = invite(&owner, "globex", "nora@globex.example", "viewer").await;
    let second = invite(&owner, "globex", "nora@globex.example", "recruiter").await;
    assert_eq!((status(&nobody, &first).await, status(&nobody, &second).await), (404, 200));
    assert!(nobody.get(&second).await.text.contains("as a recruiter"));

    let all = app::invitations::list(server.app(), &globex.owner.actor).await.unwrap();
    let id = all.iter().find(|one| one.email.as_str() == "nora@globex.example").unwrap().id;
    let address = format!("/o/globex/settings/invitations/{id}");
    let third = link_in(&owner.post(&address, &[("act", "renew")]).await);
    assert_eq!((status(&nobody, &second).await, status(&nobody, &third).await), (404, 200));

    // Nobody else can.
    let viewer = Browser::of(&server, &globex.viewer.cookie()).await;
    let foreign = Browser::of(&server, &acme.owner.cookie()).await;
    for act in ["renew", "withdraw"] {
        assert_eq!(viewer.post(&address, &[("act", act)]).await.status, 403);
        let theirs = address.replace("globex", "acme");
        assert_eq!(foreign.post(&theirs, &[("act", act)]).await.status, 404);
    }
    assert_eq!(status(&nobody, &third).await, 200);

    let withdrawn = owner.post(&address, &[("act", "withdraw")]).await;
    assert_eq!(withdrawn.location.as_deref(), Some("/o/globex/settings#members"));
    assert_eq!(status(&nobody, &third).await, 404);
    assert_eq!(choose(&nobody, &third, "a walk in the rain").await.status, 404);
    assert!(!owner.get("/o/globex/settings").await.text.contains("nora@globex.example"));
}
