//! What is handed out to a candidate is all that they were told, and nothing of the team's own.

use hearback::app::{
    announcements::{self, PostAnnouncement},
    candidates,
    notes::{self, PostNote},
};

use crate::harness::{
    Hall, Tenant,
    act::{answer, body, client_id, reply, write},
};

async fn holds(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let (chat, by) = (&acme.chat, &acme.recruiter.actor);
    write(app, chat, "Is the position still open?").await;
    answer(app, by, chat, reply(1)).await.unwrap();
    let post = |text: &str| PostAnnouncement {
        project: acme.project.id,
        client_id: client_id(),
        body: body(text),
        origin: None,
    };
    announcements::post(app, by, post("We are closed on Friday.")).await.unwrap();
    let note =
        PostNote { conversation: chat.conversation, client_id: client_id(), body: body("for us alone"), origin: None };
    notes::post(app, by, note).await.unwrap();

    let export = candidates::export(app, by, chat.added.candidate.id).await.unwrap();
    let [conversation] = &export.conversations[..] else { panic!("{export:?}") };
    assert_eq!(conversation.messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2]);
    let told: Vec<&str> = conversation.announcements.iter().map(|told| told.body.as_str()).collect();
    assert_eq!(told, ["We are closed on Friday."]);
    assert!(!serde_json::to_string(&export).unwrap().contains("for us alone"));
}

#[tokio::test]
async fn a_candidates_data_has_messages_and_announcements_and_no_notes() {
    holds(Hall::sqlite().await).await;
}

#[tokio::test]
async fn a_candidates_data_has_messages_and_announcements_and_no_notes_on_postgresql() {
    holds(Hall::postgres().await).await;
}
