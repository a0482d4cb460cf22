//! Labels: two pages that change them at once, and spellings that are one label.

use hearback::{
    app::{App, conversations},
    domain::{
        conversation::{ConversationChange, Label},
        ids::ConversationId,
        page::Limit,
    },
};

use crate::harness::{Browser, Hall, Server, Tenant};

fn labels(words: &[&str]) -> Vec<Label> {
    Label::parse_all(words.iter().copied()).unwrap()
}

async fn change(app: &App, acme: &Tenant, id: ConversationId, change: ConversationChange) -> Vec<String> {
    let changed = conversations::update(app, &acme.recruiter.actor, id, change).await.unwrap();
    changed.labels.iter().map(|label| label.as_str().to_owned()).collect()
}

async fn one_label(hall: Hall) {
    let (app, acme) = (&hall.app, Tenant::create(&hall.app, "acme").await);
    let other = acme.add_candidate(app, "other").await.conversation;
    let (one, all) = (acme.chat.conversation, |words: &[&str]| ConversationChange {
        labels: Some(labels(words)),
        ..ConversationChange::default()
    });
    assert_eq!(change(app, &acme, one, all(&["Java", "Caf\u{e9}"])).await, ["Café", "Java"]);
    // The first spelling stays, there and elsewhere.
    assert_eq!(change(app, &acme, one, all(&["JAVA", " cafe\u{301}"])).await, ["Café", "Java"]);
    assert_eq!(change(app, &acme, other, all(&["java", "Second  round"])).await, ["Java", "Second  round"]);
    let add = ConversationChange { add_labels: labels(&["second\u{a0}ROUND"]), ..ConversationChange::default() };
    assert_eq!(change(app, &acme, one, add).await, ["Café", "Java", "Second  round"]);
    let remove = ConversationChange { remove_labels: labels(&["CAFÉ"]), ..ConversationChange::default() };
    assert_eq!(change(app, &acme, one, remove).await, ["Java", "Second  round"]);
    let known = conversations::labels(app, &acme.recruiter.actor).await.unwrap();
    assert_eq!(known.iter().map(Label::as_str).collect::<Vec<_>>(), ["Java", "Second  round"]);
    let listing = conversations::Listing {
        view: conversations::View::All,
        label: Some(Label::parse("jAvA").unwrap()),
        ..conversations::Listing::default()
    };
    let listed = conversations::list(app, &acme.recruiter.actor, listing, Limit::MAX).await.unwrap();
    assert_eq!(listed.len(), 2);
    // In another organization nothing of it is known.
    let globex = Tenant::create(app, "globex").await;
    assert_eq!(change(app, &globex, globex.chat.conversation, all(&["java"])).await, ["java"]);
    let many: Vec<String> = (0..19).map(|number| format!("label {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let add = ConversationChange { add_labels: labels(&many), ..ConversationChange::default() };
    let refused = conversations::update(app, &acme.recruiter.actor, one, add).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "too_large");
}

#[tokio::test]
async fn spellings_of_one_label_are_one_on_sqlite() {
    one_label(Hall::sqlite().await).await;
}

#[tokio::test]
async fn spellings_of_one_label_are_one_on_postgresql() {
    one_label(Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_that_each_add_a_label_both_have_their_way() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let page = format!("/o/acme/conversations/{}", acme.chat.conversation);
    let first = Browser::of(&server, &acme.recruiter.cookie()).await;
    let second = Browser::of(&server, &acme.colleague.cookie()).await;
    let save = async |browser: &Browser, shown: &str, typed: &str| {
        let fields = [("with_labels", "true"), ("labels_shown", shown), ("labels", typed)];
        assert_eq!(browser.post(&format!("{page}/update"), &fields).await.status, 303);
        let found = conversations::find(server.app(), &acme.owner.actor, acme.chat.conversation).await.unwrap();
        found.conversation.labels.iter().map(|label| label.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(save(&first, "", "java, offer").await, ["java", "offer"]);
    let shown = first.get(&page).await.text;
    assert!(shown.contains("name=\"labels_shown\" value=\"java, offer\""), "the form says what it shows");
    assert_eq!(save(&first, "java, offer", "java, offer, visa").await, ["java", "offer", "visa"]);
    assert_eq!(save(&second, "java, offer", "java, offer, remote").await, ["java", "offer", "remote", "visa"]);
    assert_eq!(save(&second, "java, offer", "offer").await, ["offer", "remote", "visa"]);
    assert_eq!(save(&first, "java, offer", "java, offer").await, ["offer", "remote", "visa"], "nothing was changed");
}
