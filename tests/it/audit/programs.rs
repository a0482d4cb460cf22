//! What programs do by REST is told under their own name.

use hearback::domain::{audit::ActorKind, ids::Id};
use reqwest::Method;
use serde_json::json;

use super::News;
use crate::harness::{Browser, Server, Tenant, tenant::HERE};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_changes_or_takes_out_is_told() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let browser = Browser::open(&server).await;
    let (project, conversation) = (acme.project.id, acme.chat.conversation);
    let candidate = acme.chat.added.candidate.id;
    let named = json!({ "name": "Ada" });
    let calls = [
        (Method::POST, "projects".to_owned(), Some(named.clone()), "project.created"),
        (Method::PATCH, format!("projects/{project}"), Some(named.clone()), "project.renamed"),
        (Method::POST, format!("projects/{project}/candidates"), Some(named), "candidate.added"),
        (Method::POST, format!("conversations/{conversation}/link"), Some(json!({})), "link.issued"),
        (Method::DELETE, format!("conversations/{conversation}/link"), None, "link.revoked"),
        (Method::GET, format!("candidates/{candidate}/export"), None, "candidate.exported"),
        (Method::DELETE, format!("candidates/{candidate}"), None, "candidate.erased"),
    ];
    let mut news = News::since_now(server.app()).await;
    for (method, path, body, action) in calls {
        let answer = browser.call(method, &format!("/api/v1/{path}"), &acme.token, body.as_ref()).await;
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text);
        let told = news.next().await;
        let [entry] = &told[..] else { panic!("{path}: {told:?}") };
        assert_eq!((entry.action.as_str(), entry.by.kind, entry.by.whence), (action, ActorKind::Api, HERE));
        assert_eq!(entry.by.name.as_deref(), Some("program acme"));
        assert_eq!(entry.organization.as_ref().unwrap().0, acme.organization.id);
        if action.starts_with("candidate.") && action != "candidate.added" {
            assert_eq!(entry.subject.as_ref().unwrap().id, candidate.uuid());
        }
    }
    let gone = browser.call(Method::DELETE, &format!("/api/v1/candidates/{candidate}"), &acme.token, None).await;
    assert_eq!((gone.status, news.actions().await), (404, Vec::new()));
}
