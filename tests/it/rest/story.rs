//! A program's day.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::{Server, Tenant, act::write};

fn id(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn projects_candidates_and_links_come_as_described() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let client = Client::new(&server, &acme.token).await;
    let (status, made) = client.call("post", "/projects", "", Some(json!({ "name": "Tram driver" }))).await;
    assert_eq!(status, 201);
    let project = id(&made["id"]);
    assert_eq!(client.call("get", "/projects/{id}", project, None).await.0, 200);
    let (_, list) = client.ask("get", "/projects", "", "?limit=1", None).await;
    let cursor = id(&list["next_cursor"]);
    let (_, rest) = client.ask("get", "/projects", "", &format!("?cursor={cursor}"), None).await;
    assert_eq!((rest["data"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
    let change = json!({ "name": "Bus driver", "restricted": true, "team": [acme.recruiter.id] });
    let (_, changed) = client.call("patch", "/projects/{id}", project, Some(change)).await;
    assert_eq!((&changed["name"], changed["team"].as_array().unwrap().len()), (&json!("Bus driver"), 1));

    let ada = json!({ "name": "Ada", "email": "ada@example.org", "locale": "de-AT" });
    let (status, added) = client.call("post", "/projects/{id}/candidates", project, Some(ada.clone())).await;
    assert_eq!(status, 201);
    assert_eq!(client.call("post", "/projects/{id}/candidates", project, Some(ada)).await.0, 409);
    let csv = || Some(("text/csv", "name,email\nBo,bo@example.org\n,nobody@example.org\n".to_owned()));
    let path = "/projects/{id}/candidates/import";
    let (_, tried) = client.ask("post", path, project, "?dry_run=true", csv()).await;
    assert_eq!(tried["rows"][0]["status"], "would_add");
    let (_, import) = client.ask("post", path, project, "", csv()).await;
    assert_eq!((&import["accepted"], &import["rejected"]), (&json!(1), &json!(1)));

    let conversation = id(&added["conversation"]["id"]);
    let (status, link) = client.call("post", "/conversations/{id}/link", conversation, None).await;
    assert_eq!(status, 201);
    assert_ne!(link["chat_url"], added["chat_url"]);
    assert_eq!(client.call("delete", "/conversations/{id}/link", conversation, None).await.0, 204);
    let candidate = id(&added["candidate"]["id"]);
    assert_eq!(client.call("get", "/candidates/{id}/export", candidate, None).await.0, 200);
    assert_eq!(client.call("delete", "/candidates/{id}", candidate, None).await.0, 204);
    assert_eq!(client.call("get", "/conversations/{id}", conversation, None).await.0, 404);
}

#[tokio::test]
async fn the_queue_is_worked_off_and_a_resent_message_is_the_first_one() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let client = Client::new(&server, &acme.token).await;
    let seen = write(server.app(), &acme.chat, "Hello").await;
    let conversation = acme.chat.conversation.to_string();
    let (_, queue) = client.call("get", "/queue", "", None).await;
    assert_eq!((&queue["waiting"], &queue["data"][0]["conversation"]), (&json!(1), &json!(conversation)));
    let (_, claimed) = client.call("post", "/queue/next", "", None).await;
    let lease = json!({ "lease": claimed["lease"]["token"] });
    assert_eq!(client.call("post", "/queue/next", "", Some(json!({}))).await.1["entry"], Value::Null);
    assert_eq!(client.call("post", "/queue/{conversation}/renew", &conversation, Some(lease.clone())).await.0, 200);
    assert_eq!(client.call("post", "/queue/{conversation}/release", &conversation, Some(lease.clone())).await.0, 204);
    assert_eq!(client.call("post", "/queue/{conversation}/release", &conversation, Some(lease)).await.0, 409);
    assert_eq!(client.call("post", "/queue/{conversation}/claim", &conversation, None).await.0, 200);

    let reply = json!({ "client_id": uuid::Uuid::new_v4(), "body": "Welcome", "seen_seq": seen });
    let path = "/conversations/{id}/messages";
    let (status, first) = client.call("post", path, &conversation, Some(reply.clone())).await;
    assert_eq!((status, &first["duplicate"]), (201, &json!(false)));
    let (status, again) = client.call("post", path, &conversation, Some(reply)).await;
    assert_eq!((status, &again["message"]["seq"]), (200, &first["message"]["seq"]));
    let (_, page) = client.ask("get", path, &conversation, "?limit=1", None).await;
    let next = format!("?cursor={}", id(&page["next_cursor"]));
    assert_eq!(client.ask("get", path, &conversation, &next, None).await.1["data"][0], first["message"]);
    let (_, latest) = client.ask("get", path, &conversation, "?before_seq=3&limit=1", None).await;
    assert_eq!((&latest["data"][0], &latest["has_more"]), (&first["message"], &json!(true)));

    write(server.app(), &acme.chat, "Thanks").await;
    assert_eq!(client.call("post", "/queue/{conversation}/resolve", &conversation, None).await.0, 204);
    let change = json!({ "status": "closed", "priority": "low", "labels": ["done"], "assignee": acme.recruiter.id });
    assert_eq!(client.call("patch", "/conversations/{id}", &conversation, Some(change)).await.0, 200);
    let (_, closed) = client.ask("get", "/conversations", "", "?status=closed", None).await;
    assert_eq!(closed["data"][0]["labels"], json!(["done"]));
    let new = json!({ "client_id": uuid::Uuid::new_v4(), "body": "News" });
    let (project, path) = (acme.project.id.to_string(), "/projects/{id}/announcements");
    assert_eq!(client.call("post", path, &project, Some(new.clone())).await.0, 201);
    assert_eq!(client.call("post", path, &project, Some(new)).await.0, 200);
    assert_eq!(client.call("get", path, &project, None).await.1["last_seq"], 1);
}
