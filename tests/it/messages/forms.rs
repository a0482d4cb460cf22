//! Plain forms, as browsers without script send them: once, twice, and again with another text.

use scraper::{Html, Selector};

use crate::harness::{Browser, Server, Tenant, act::client_id};

fn value(page: &str, selector: &str) -> String {
    let page = Html::parse_document(page);
    let found = page.select(&Selector::parse(selector).unwrap()).next().expect(selector);
    found.value().attr("value").map_or_else(|| found.text().collect(), str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_is_one_message_and_one_that_is_filled_in_again_loses_no_text() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let candidate = Browser::open(&server).await;
    candidate.post(&format!("/c/{}", acme.chat.link), &[]).await;
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    let chat = format!("/chat/{}", acme.chat.conversation);
    let open = format!("/o/acme/conversations/{}", acme.chat.conversation);
    for (browser, page, path) in [
        (&candidate, &chat, format!("{chat}/messages")),
        (&recruiter, &open, format!("{open}/messages")),
        (&recruiter, &open, format!("{open}/notes")),
    ] {
        let client = client_id().to_string();
        let send = async |body: &str, client: &str| {
            let seen: &[(&str, &str)] = if path.starts_with("/o/") { &[("seen_seq", "0")] } else { &[] };
            browser.post(&path, &[&[("body", body), ("client_id", client)], seen].concat()).await
        };
        for _ in 0..2 {
            assert_eq!(send("once or twice", &client).await.status, 303, "{path}");
        }
        let again = send("another text", &client).await;
        assert_eq!(again.status, 409, "{path}");
        assert_eq!(value(&again.text, "textarea[name=body]").trim(), "another text", "{path}");
        let fresh = value(&again.text, "form:has(textarea[name=body]) input[name=client_id]");
        assert_ne!(fresh, client, "{path}");
        assert_eq!(send("another text", &fresh).await.status, 303, "{path}");
        let shown = browser.get(page).await.text;
        assert!(shown.contains("another text"), "{path}");
    }
    let mut stored = server.dump().await;
    stored.retain(|row| row.starts_with("messages: ") || row.starts_with("notes: "));
    let count = |text: &str| stored.iter().filter(|row| row.contains(text)).count();
    assert_eq!((count("once or twice"), count("another text")), (3, 3), "{stored:#?}");
}
