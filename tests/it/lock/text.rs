//! People's words do nothing, wherever they stand.

use hearback::{
    app,
    domain::{
        candidate::{Profile, RawProfile},
        user::Role,
    },
};
use scraper::{Html, Selector};
use serde_json::json;

use crate::harness::{
    Browser, Chat, Person, Server, Socket, Tenant,
    act::{self, body, client_id},
    tenant::name,
};

/// In every name, title and text. Turned, it ends an attribute and an element, runs, and hides what follows.
const EVIL: &str = "Ev\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{200b}\u{200b}{{7*7}}";
const LINKS: &str = "javascript:alert(1) JaVaScRiPt://x/%0aalert(1) data:text/html,x vbscript:x https://x.example/\"onmouseover=alert(1)//";

/// Everything of an organization that carries somebody's words.
async fn hostile(server: &Server) -> (Tenant, Chat, Person) {
    let app = server.app();
    let mut acme = Tenant::create(app, "acme").await;
    let by = &acme.owner.actor;
    let targets = acme.organization.targets;
    acme.organization = app::organizations::update(app, by, name(EVIL), targets).await.unwrap();
    acme.project = app::projects::rename(app, by, acme.project.id, name(EVIL)).await.unwrap();
    app::tokens::create(app, by, name(EVIL), Role::Viewer).await.unwrap();
    let evil = Person::named(app, &acme.organization, "evil", EVIL, Role::Owner).await;
    let chat = Chat::create(app, &evil.actor, acme.project.id, EVIL).await;
    let raw = RawProfile { name: EVIL, phone: Some(EVIL), external_id: Some(EVIL), ..RawProfile::default() };
    let profile = Profile::parse(raw).unwrap();
    app::candidates::update(app, &evil.actor, chat.added.candidate.id, profile).await.unwrap();
    act::write(app, &chat, &format!("{EVIL} {LINKS}")).await;
    let note = app::notes::PostNote {
        conversation: chat.conversation,
        client_id: client_id(),
        body: body(&format!("{EVIL} {LINKS}")),
        origin: None,
    };
    app::notes::post(app, &evil.actor, note).await.unwrap();
    let announcement = app::announcements::PostAnnouncement {
        project: acme.project.id,
        client_id: client_id(),
        body: body(&format!("{} {LINKS}", EVIL.replace("{{", "\\{{"))),
        origin: None,
    };
    app::announcements::post(app, &evil.actor, announcement).await.unwrap();
    (acme, chat, evil)
}

/// What a browser would run or follow, as the browser reads the page.
fn live_parts(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut found = Vec::new();
    for element in page.select(&Selector::parse("*").unwrap()) {
        let value = element.value();
        if value.name() == "script" && value.attr("src").is_none_or(|src| !src.starts_with("/assets/")) {
            found.push(element.html());
        }
        if ["img", "iframe", "object", "embed", "base", "style"].contains(&value.name()) {
            found.push(element.html());
        }
        for (attribute, text) in value.attrs() {
            let address = ["href", "src", "action", "formaction"].contains(&attribute);
            let own = text.is_empty() || text.starts_with('/') || text.starts_with('#') || text.starts_with('?');
            let outside = text.starts_with("https://") || text.starts_with("http://") || text.starts_with("mailto:");
            let hidden = text.contains('\u{202e}');
            if attribute.starts_with("on") || attribute == "style" || (address && !own && !outside) || hidden {
                found.push(format!("{attribute}={text} in {}", element.html()));
            }
            if address && outside && value.attr("rel") != Some("noopener noreferrer nofollow") {
                found.push(format!("a link without rel: {text}"));
            }
        }
    }
    found.extend(html.contains('\u{202e}').then(|| "a character that turns the text".to_owned()));
    found.extend(html.contains("49</").then(|| "a template in a text was carried out".to_owned()));
    found
}

#[test]
fn the_look_for_live_parts_can_find_them() {
    for live in [
        "<script>x</script>",
        "<img src=/x>",
        "<a href='javascript:x'>",
        "<p onclick=x>",
        "<p title='\u{202e}'>",
        "<a href='https://x.example'>",
        "<script src='https://x.example'></script>",
    ] {
        assert!(!live_parts(live).is_empty(), "{live}");
    }
    assert!(live_parts("<a href='/o/acme'>Acme</a>").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_runs_or_follows_what_somebody_has_written() {
    let server = Server::start().await;
    let (acme, chat, evil) = hostile(&server).await;
    let member = Browser::of(&server, &evil.cookie()).await;
    let candidate = Browser::open(&server).await;
    let entry = candidate.get(&format!("/c/{}", chat.link)).await;
    candidate.post(&format!("/c/{}", chat.link), &[]).await;
    let id = chat.added.candidate.id;
    let mut pages = vec![("entry", entry.text)];
    for path in [
        "/o/acme".to_owned(),
        "/o/acme?view=all".to_owned(),
        format!("/o/acme?view=all&label={EVIL}"),
        format!("/o/acme/conversations/{}", chat.conversation),
        format!("/o/acme/candidates/{id}"),
        format!("/o/acme/candidates/{id}/erase"),
        "/o/acme/projects".to_owned(),
        format!("/o/acme/projects/{}", acme.project.id),
        "/o/acme/search?q=alert".to_owned(),
        format!("/o/acme/search?q={EVIL}"),
        "/o/acme/settings".to_owned(),
        "/account".to_owned(),
    ] {
        let answer = member.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.contains("alert(1)"), "{path} shows somebody's words");
        pages.push((Box::leak(path.into_boxed_str()), answer.text));
    }
    pages.push(("chat", candidate.get(&format!("/chat/{}", chat.conversation)).await.text));
    let again = member.post("/sign-in", &[("email", EVIL), ("password", EVIL), ("return_to", EVIL)]).await;
    pages.push(("sign-in again", again.text));
    for (page, html) in pages {
        let found = live_parts(&html);
        assert!(found.is_empty(), "{page}: {}", found.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sockets_bring_as_html_is_as_harmless() {
    let server = Server::start().await;
    let (acme, chat, evil) = hostile(&server).await;
    let origin = server.url();
    let cookie = evil.cookie();
    let headers = [("cookie", cookie.as_str()), ("origin", origin.as_str())];
    let page = Socket::connect(&server, &acme.namespace(), json!({ "html": true }), &headers).await.unwrap();
    page.event("session:ready", |_| true).await;
    let opened = page.ask("conversation:open", json!({ "conversation": chat.conversation })).await;
    act::write(server.app(), &chat, &format!("{EVIL} {LINKS}")).await;
    let posted = page.event("message:posted", |_| true).await;
    let mut fragments = vec![posted["html"].as_str().unwrap().to_owned()];
    for list in ["messages", "notes"] {
        let items = opened[list].as_array().unwrap();
        fragments.extend(items.iter().map(|item| item["html"].as_str().unwrap().to_owned()));
    }
    assert_eq!(fragments.len(), 3, "{opened}");
    for html in fragments {
        assert!(html.contains("alert(1)"), "{html}");
        let found = live_parts(&html);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_that_a_spreadsheet_would_compute_is_handed_out_as_text() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    let import = format!("/o/acme/projects/{}/import", acme.project.id);
    let rows =
        "name,email\n=cmd|' /C calc'!A0,no address\n+1,no address\n-1,no address\n@SUM(1),no address\n\"\t=1\",no\n";
    let rejected = owner.upload(&import, &[("file", rows), ("act", "rejected")]).await;
    assert_eq!(rejected.status, 200, "{}", rejected.text);
    assert!(rejected.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(rejected.text.lines().count(), 6, "{}", rejected.text);
    for cell in rejected.text.lines().flat_map(|line| line.split(',')) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell:?} in {}", rejected.text);
    }
}
