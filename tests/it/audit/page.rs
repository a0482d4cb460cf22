//! The operators' page and the file.

use futures::future::join_all;
use hearback::{
    app::{self, projects},
    domain::user::Role,
};
use scraper::{Html, Selector};

use super::everything;
use crate::harness::{
    Browser, Server, Tenant,
    tenant::{name, operators_cookie},
};

/// What stands in each row.
fn rows(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let row = Selector::parse("tbody tr").unwrap();
    page.select(&row).map(|row| row.text().collect::<Vec<_>>().join(" ")).collect()
}

/// Where a link leads.
fn link(page: &str, selector: &str) -> Option<String> {
    let page = Html::parse_document(page);
    let found = page.select(&Selector::parse(selector).unwrap()).next()?;
    found.value().attr("href").map(str::to_owned)
}

async fn open() -> (Server, Tenant, Browser) {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let operator = Browser::of(&server, &operators_cookie(server.app()).await).await;
    (server, acme, operator)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_operators_see_it() {
    let (server, acme, operator) = open().await;
    let owner = Browser::of(&server, &acme.owner.cookie()).await;
    let nobody = Browser::open(&server).await;
    let before = everything(server.app()).await.len();
    for path in ["/admin/audit", "/admin/audit.csv"] {
        let refused = owner.get(path).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(!refused.text.contains("colleague acme"), "{path}");
        let answer = nobody.get(path).await;
        assert!(answer.location.is_some_and(|to| to.starts_with("/sign-in")), "{path}");
    }
    assert_eq!(everything(server.app()).await.len(), before);
    let page = operator.get("/admin/audit").await;
    assert_eq!((page.status, &page.headers["cache-control"]), (200, &"no-store".parse().unwrap()));
    assert_eq!(rows(&page.text).len(), before);
    assert!(rows(&page.text)[0].contains("Signed in"), "the newest first");
    assert!(page.text.contains("<time datetime=\""), "each with its exact time");
    assert!(operator.get("/admin").await.text.contains("href=\"/admin/audit\""), "it is found");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_filtered_by_organization_what_who_and_when() {
    let (server, acme, operator) = open().await;
    let other = Tenant::create(server.app(), "other").await;
    let look = async |query: &str| {
        let page = operator.get(&format!("/admin/audit?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {:.500}", page.text);
        rows(&page.text)
    };
    let of_acme = look(&format!("organization={}", acme.organization.id)).await;
    assert!(!of_acme.is_empty() && of_acme.iter().all(|row| row.contains("acme") && !row.contains("other")));
    let created = look("action=project.created").await;
    assert_eq!(created.len(), 2);
    let by_email = look("actor=owner%40other.example").await;
    assert!(!by_email.is_empty() && by_email.iter().all(|row| row.contains("owner other")), "{by_email:?}");
    assert_eq!(look(&format!("actor={}", other.owner.id)).await, by_email);
    let by_command = look("actor=command_line&action=organization.created").await;
    assert_eq!(by_command.len(), 2, "{by_command:?}");
    let both = format!("organization={}&action=project.created&actor=&from=&until=", acme.organization.id);
    assert_eq!(look(&both).await.len(), 1);

    let today = server.clock.now().to_datetime().date_naive();
    let (before, after) = (today.pred_opt().unwrap(), today.succ_opt().unwrap());
    assert_eq!(look(&format!("from={before}&until={after}&action=project.created")).await, created);
    for nothing in [format!("until={before}"), format!("from={after}")] {
        let page = operator.get(&format!("/admin/audit?{nothing}")).await;
        assert!(rows(&page.text).is_empty() && page.text.contains("Nothing fits"), "{nothing}");
    }
    for (query, field) in [
        ("organization=acme", "Choose one of the list"),
        ("action=made.up", "Choose one of the list"),
        ("actor=nobody%40mail.example", "No user has this e-mail address"),
        ("actor=%00", "No user has this e-mail address"),
        ("from=yesterday", "Write a day as"),
        ("until=99999-01-01", "Write a day as"),
        ("before=1", "Choose one of the list"),
    ] {
        let page = operator.get(&format!("/admin/audit?{query}")).await;
        assert_eq!(page.status, 400, "{query}");
        assert!(page.text.contains(field), "{query}");
        // The file has no pages.
        let file = operator.get(&format!("/admin/audit.csv?{query}")).await;
        assert_eq!(file.status, if query.starts_with("before") { 200 } else { 400 }, "{query}");
    }

    let operator_proof = hearback::domain::access::Operator::command_line();
    app::organizations::remove(server.app(), operator_proof, other.organization.id).await.unwrap();
    let page = operator.get(&format!("/admin/audit?organization={}", other.organization.id)).await;
    assert!(page.text.contains("other (removed)"), "it can still be chosen");
    assert!(rows(&page.text).len() > 5, "and is told of");
}

#[tokio::test(flavor = "multi_thread")]
async fn page_after_page_shows_each_entry_once() {
    let (server, acme, operator) = open().await;
    let (app, by) = (server.app(), &acme.owner.actor);
    join_all((0..120).map(|number| {
        let called = name(&format!("name {number}"));
        async move { projects::rename(app, by, acme.project.id, called).await.unwrap() }
    }))
    .await;
    let (mut path, mut seen) = ("/admin/audit?action=project.renamed".to_owned(), Vec::new());
    loop {
        let page = operator.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(rows(&page.text).len() <= 50);
        seen.extend(rows(&page.text));
        // One that comes in between moves nothing.
        projects::close(app, by, acme.project.id).await.unwrap();
        projects::reopen(app, by, acme.project.id).await.unwrap();
        match link(&page.text, "a[rel=next]") {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!(seen.len(), 120);
    let last = operator.get(&path).await.text;
    assert!(last.contains(">Newest</a>"), "there is a way back");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_has_every_entry_and_no_cell_that_is_computed() {
    let (server, acme, operator) = open().await;
    let (app, by) = (server.app(), &acme.owner.actor);
    let evil = name("=HYPERLINK(\"http://evil.example\",\"<script>\")");
    app::tokens::create(app, by, evil.clone(), Role::Viewer).await.unwrap();
    // More than are read at a time.
    join_all((0..600).map(|number| {
        let called = name(&format!("@name {number}"));
        async move { projects::rename(app, by, acme.project.id, called).await.unwrap() }
    }))
    .await;
    let answer = operator.get("/admin/audit.csv").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"audit.csv\"");
    let mut file = csv::Reader::from_reader(answer.text.as_bytes());
    let records: Vec<_> = file.records().map(Result::unwrap).collect();
    let entries = everything(app).await;
    assert_eq!(records.len(), entries.len());
    let ids: Vec<_> = records.iter().map(|record| record[0].to_owned()).collect();
    let told: Vec<_> = entries.iter().rev().map(|entry| entry.id.to_string()).collect();
    assert_eq!(ids, told, "the same order as on the page");
    assert_eq!(&records[0][4], "audit.exported", "that it was taken out is told too");
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert!(records.iter().flatten().any(|cell| cell == format!("'{}", &*evil)), "it would have been seen");

    let some = operator.get(&format!("/admin/audit.csv?action=token.created&actor={}", acme.owner.id)).await;
    assert_eq!(some.text.lines().count(), 3, "{}", some.text);
    let page = operator.get("/admin/audit?action=token.created").await.text;
    assert!(!page.contains("<script>\")"), "inert on the page as well");
    assert!(page.contains("/admin/audit.csv?action=token.created"), "the file is of what is shown");
}
