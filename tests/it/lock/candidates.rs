//! A candidate's data, by the recruiters' pages.

use hearback::app;

use crate::harness::{Browser, Server, Socket, Tenant, act, dump::difference};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_recruiter_changes_what_is_known_of_a_candidate() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    let open = recruiter.get(&format!("/o/acme/conversations/{}", acme.chat.conversation)).await;
    let page = format!("/o/acme/candidates/{}", acme.chat.added.candidate.id);
    assert!(open.text.contains(&format!("href=\"{page}\"")), "the conversation leads there");
    let fields =
        [("name", "Ada King"), ("email", "ada@king.example"), ("time_zone", "Europe/Vienna"), ("locale", "de")];
    let mut wrong = fields;
    wrong[1].1 = "no address";
    let refused = recruiter.post(&page, &wrong).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("value=\"no address\"") && refused.text.contains("Europe/Vienna"), "nothing is lost");
    assert_eq!(recruiter.post(&page, &fields).await.location, Some(format!("{page}?done=saved")));
    let shown = recruiter.get(&format!("/o/acme/conversations/{}", acme.chat.conversation)).await.text;
    assert!(shown.contains("Ada King") && shown.contains("ada@king.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_candidate_is_gone_with_every_word_and_their_browser_is_told() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let empty = server.dump().await.iter().filter(|row| row.contains("to be erased")).count();
    assert_eq!(empty, 0);
    let chat = acme.add_candidate(server.app(), "to be erased").await;
    act::write(server.app(), &chat, "to be erased: my salary").await;
    let theirs = Browser::open(&server).await;
    theirs.post(&format!("/c/{}", chat.link), &[]).await;
    let socket = Socket::enter(&server, &acme.namespace(), json!({ "link": chat.link })).await;
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    let page = format!("/o/acme/candidates/{}", chat.added.candidate.id);

    let before = server.dump().await;
    let question = recruiter.get(&format!("{page}/erase")).await;
    assert!(question.text.contains("for good?") && question.text.contains("project acme"));
    assert!(difference(&before, &server.dump().await).is_empty(), "a question erases nothing");

    let erased = recruiter.post(&format!("{page}/erase"), &[]).await;
    assert_eq!(erased.location.as_deref(), Some("/o/acme?done=erased"));
    let left: Vec<_> = server.dump().await.into_iter().filter(|row| row.contains("to be erased")).collect();
    assert!(left.is_empty(), "{left:?}");
    socket.ended().await;
    assert_eq!(recruiter.get(&page).await.status, 404);
    assert_eq!(theirs.get(&format!("/c/{}", chat.link)).await.status, 404);
    assert_eq!(theirs.get(&format!("/chat/{}", chat.conversation)).await.status, 404);
    let again = Socket::connect(&server, &acme.namespace(), json!({ "link": chat.link }), &[]).await;
    assert_eq!(again.err().as_deref(), Some("Invalid namespace"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_changes_nothing_and_nobody_erases_what_they_do_not_see() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let (app, id) = (server.app(), acme.chat.added.candidate.id);
    let page = format!("/o/acme/candidates/{id}");
    let hidden = app::projects::create(app, &acme.owner.actor, crate::harness::tenant::name("hidden"), true).await;
    let hidden = hidden.unwrap();
    let profile = acme.chat.added.candidate.profile.clone();
    // The same person, by the same name and address, in a project that the recruiter does not see.
    let mut known = profile.clone();
    known.external_id = Some(crate::harness::tenant::name("ats-1"));
    app::candidates::update(app, &acme.owner.actor, id, known.clone()).await.unwrap();
    let added = app::candidates::add(app, &acme.owner.actor, hidden.id, known).await.unwrap();
    assert_eq!(added.candidate.id, id);

    let before = server.dump().await;
    let viewer = Browser::of(&server, &acme.viewer.cookie()).await;
    for (path, fields) in [(page.clone(), vec![("name", "Renamed")]), (format!("{page}/erase"), vec![])] {
        assert_eq!(viewer.get(&path).await.status, 403);
        assert_eq!(viewer.post(&path, &fields).await.status, 403);
    }
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    let question = recruiter.get(&format!("{page}/erase")).await;
    assert!(!question.text.contains("hidden<"), "what one does not see is not told");
    let refused = recruiter.post(&format!("{page}/erase"), &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("conversations that you cannot see"));
    assert!(difference(&before, &server.dump().await).is_empty());
}
