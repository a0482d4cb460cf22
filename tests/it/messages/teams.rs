//! Notes, announcements, viewers, closed projects: who may write what, and who learns of it.

use hearback::realtime::request::{REQUESTS, Who};
use serde_json::{Value, json};

use super::{Room, seqs};
use crate::{
    bad_input::sound,
    harness::{Socket, act::client_id},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_note_stands_after_its_message_and_no_candidate_learns_of_it() {
    let room = Room::open().await;
    let second = Socket::enter_by_cookie(&room.server, &room.acme.namespace(), &room.acme.colleague.cookie()).await;
    second.ask("conversation:open", json!({ "conversation": room.acme.chat.conversation })).await;
    room.candidate.ask("message:post", room.post("Hello")).await;
    let note = room.post("between us");
    let first = room.recruiter.ask("note:post", note.clone()).await;
    assert_eq!((&first["note"]["seq"], &first["note"]["after_seq"]), (&json!(1), &json!(1)));
    let again = room.recruiter.ask("note:post", note).await;
    assert_eq!((&again["duplicate"], &again["note"]), (&json!(true), &first["note"]));
    second.event("note:posted", |told| told["note"] == first["note"]).await;
    room.recruiter.ask("message:post", room.reply("Welcome", 1)).await;
    room.candidate.event("message:posted", |told| told["message"]["seq"] == 2).await;
    assert!(!json!(room.candidate.all_heard()).to_string().contains("between us"));
    assert_eq!(room.recruiter.heard("note:posted").len(), 0, "not to the socket that asked");
    for request in ["note:post", "note:history"] {
        let payload = if request == "note:post" { room.post("mine") } else { room.history(&json!({})) };
        let code = room.candidate.refused(request, payload).await;
        assert!(["forbidden", "not_found"].contains(&code.as_str()), "{code}");
    }
    let history = room.candidate.ask("message:history", room.history(&json!({}))).await;
    assert_eq!(seqs(&history["messages"]), [1, 2], "no gap where the note stands");
    let notes = second.ask("note:history", room.history(&json!({}))).await;
    assert_eq!(seqs(&notes["notes"]), [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_reaches_every_candidate_of_its_project_once_and_tells_of_nobody() {
    let room = Room::open().await;
    let other = room.acme.add_candidate(room.server.app(), "the other one").await;
    let other = Socket::enter(&room.server, &room.acme.namespace(), json!({ "link": other.link })).await;
    let elsewhere = hearback::app::projects::create(
        room.server.app(),
        &room.acme.owner.actor,
        crate::harness::tenant::name("elsewhere"),
        false,
    )
    .await
    .unwrap();
    let outside =
        crate::harness::Chat::create(room.server.app(), &room.acme.owner.actor, elsewhere.id, "outside").await;
    let outside = Socket::enter(&room.server, &room.acme.namespace(), json!({ "link": outside.link })).await;
    let post = json!({ "project": room.acme.project.id, "client_id": client_id(), "body": "We are closed on Monday." });
    let first = room.recruiter.ask("announcement:post", post.clone()).await;
    let again = room.recruiter.ask("announcement:post", post).await;
    assert_eq!((&first["announcement"]["seq"], &again["duplicate"]), (&json!(1), &json!(true)));
    let next = json!({ "project": room.acme.project.id, "client_id": client_id(), "body": "End" });
    room.recruiter.ask("announcement:post", next).await;
    for candidate in [&room.candidate, &other] {
        candidate.event("announcement:posted", |told| told["announcement"]["body"] == "End").await;
        assert_eq!(candidate.heard("announcement:posted").len(), 2);
        let asked = json!({ "project": room.acme.project.id, "limit": 10 });
        let history = candidate.ask("announcement:history", asked).await;
        assert_eq!(seqs(&history["announcements"]), [1, 2]);
    }
    assert!(!json!(other.all_heard()).to_string().contains("candidate acme"), "nobody else");
    assert!(!json!(room.candidate.all_heard()).to_string().contains("the other one"));
    let asked = json!({ "project": room.acme.project.id, "limit": 10 });
    assert_eq!(outside.refused("announcement:history", asked).await, "not_found");
    assert_eq!(outside.heard("announcement:posted").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_reads_and_changes_nothing() {
    let room = Room::open().await;
    room.candidate.ask("message:post", room.post("Hello")).await;
    let (acme, conversation) = (&room.acme, room.acme.chat.conversation);
    let viewer = Socket::enter_by_cookie(&room.server, &acme.namespace(), &acme.viewer.cookie()).await;
    viewer.ask("conversation:open", json!({ "conversation": conversation })).await;
    viewer.ask("message:history", json!({ "conversation": conversation })).await;
    // A viewer's own read mark is all that a viewer may change.
    let writes = REQUESTS.iter().filter(|request| request.writes && request.who != Who::Operators);
    for request in writes.filter(|request| request.name != "message:mark_read") {
        let payload = Value::Object(sound(request, acme));
        assert_eq!(viewer.refused(request.name, payload).await, "forbidden", "{}", request.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_project_takes_no_message_and_says_so() {
    let room = Room::open().await;
    let app = room.server.app();
    hearback::app::projects::close(app, &room.acme.owner.actor, room.acme.project.id).await.unwrap();
    assert_eq!(room.candidate.refused("message:post", room.post("Hello")).await, "project_closed");
    assert_eq!(room.recruiter.refused("message:post", room.reply("Hello", 0)).await, "project_closed");
    hearback::app::projects::reopen(app, &room.acme.owner.actor, room.acme.project.id).await.unwrap();
    room.candidate.ask("message:post", room.post("Hello")).await;
}
