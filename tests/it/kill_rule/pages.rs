//! An open page's next request, once its right to be there has ended.

use hearback::{
    app::{self, sessions},
    domain::{access::Operator, user::Role},
};
use serde_json::json;

use super::signed_in;
use crate::harness::{Browser, Person, Server, Tenant, act::client_id};

#[tokio::test(flavor = "multi_thread")]
async fn the_next_request_of_an_open_page_is_refused() {
    let server = Server::start().await;
    let app = server.app();
    let acme = Tenant::create(app, "acme").await;
    let (operator, by) = (Operator::command_line(), &acme.owner.actor);
    let conversation = acme.chat.conversation;
    let page = format!("/o/acme/conversations/{conversation}");
    let mut people = Vec::new();
    for who in ["signs-out", "leaves", "removed", "viewer-now"] {
        let person = Person::create(app, &acme.organization, who, Role::Recruiter).await;
        let browser = Browser::of(&server, &person.cookie()).await;
        assert_eq!(browser.get(&page).await.status, 200);
        people.push((person, browser));
    }
    let write = [("body", "hello"), ("client_id", &client_id().to_string()), ("seen_seq", "0")];

    sessions::sign_out(app, &signed_in(&server, &people[0].0).await).await.unwrap();
    app::members::remove(app, by, people[1].0.id).await.unwrap();
    app::users::remove(app, operator, people[2].0.id).await.unwrap();
    app::members::set_role(app, by, people[3].0.id, Role::Viewer).await.unwrap();
    for ((_, browser), (seen, written)) in people.iter().zip([(303, 401), (404, 404), (303, 401), (200, 403)]) {
        assert_eq!(browser.get(&page).await.status, seen);
        assert_eq!(browser.post(&format!("{page}/messages"), &write).await.status, written);
    }

    let candidate = Browser::open(&server).await;
    candidate.post(&format!("/c/{}", acme.chat.link), &[]).await;
    let chat = format!("/chat/{conversation}");
    assert_eq!(candidate.get(&chat).await.status, 200);
    app::links::revoke(app, by, conversation).await.unwrap();
    assert_eq!(candidate.get(&chat).await.status, 410);
    assert_eq!(candidate.post(&format!("{chat}/messages"), &write[..2]).await.status, 410);

    let program = Browser::open(&server).await;
    let list = "/api/v1/projects";
    assert_eq!(program.call(reqwest::Method::GET, list, &acme.token, None).await.status, 200);
    let token = app::tokens::list(app, by).await.unwrap()[0].id;
    app::tokens::revoke(app, by, token).await.unwrap();
    assert_eq!(program.call(reqwest::Method::GET, list, &acme.token, None).await.status, 401);
    assert_eq!(program.call(reqwest::Method::POST, list, &acme.token, Some(&json!({}))).await.status, 401);

    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    app::organizations::suspend(app, operator, acme.organization.id).await.unwrap();
    assert_eq!(owner.get(&page).await.status, 404);
    assert_eq!(owner.post("/o/acme/projects", &[("name", "one more")]).await.status, 404);
    assert_eq!(owner.get("/account").await.status, 200, "the account is nobody's organization");
}
