//! What the pages draw is what their forms take: a field that was added to a template alone would be refused to everybody.

use std::collections::BTreeSet;

use hearback::{
    app,
    domain::conversation::{ConversationChange, ConversationStatus},
};
use scraper::{ElementRef, Html, Selector};

use super::forms::Office;
use crate::harness::{act, forms::By};

/// Where each form leads, with the names of what it sends.
fn drawn(page: &str) -> Vec<(String, BTreeSet<String>)> {
    let select = |selector| Selector::parse(selector).unwrap();
    let attribute = |element: ElementRef, name| element.value().attr(name).map(str::to_owned);
    let (page, named, leading) = (Html::parse_document(page), select("[name]"), select("[formaction]"));
    let mut found = Vec::new();
    for form in page.select(&select("form[method=post]")) {
        let names = form.select(&named).filter_map(|element| attribute(element, "name"));
        let names: BTreeSet<_> = names.filter(|name| name != "csrf").collect();
        let others = form.select(&leading).filter_map(|button| attribute(button, "formaction"));
        found.extend(attribute(form, "action").into_iter().chain(others).map(|action| (action, names.clone())));
    }
    found
}

fn leads_to(route: &str, action: &str) -> bool {
    let (route, action): (Vec<_>, Vec<_>) = (route.split('/').collect(), action.split('/').collect());
    route.len() == action.len()
        && route.iter().zip(&action).all(|(named, part)| named.starts_with('{') || named == part)
}

impl Office {
    /// Looks at pages, and gives the routes of the forms that stood there.
    async fn look(&self, by: By, paths: &[String]) -> BTreeSet<&'static str> {
        let mut seen = BTreeSet::new();
        for path in paths {
            let answer = self.browser_of(by).get(path).await;
            assert_eq!(answer.status, 200, "{path}");
            for (action, names) in drawn(&answer.text) {
                // A fixed part of an address stands for more than a name in braces.
                let known = self.forms.iter().filter(|form| leads_to(form.route, &action));
                let known: Vec<_> = known.collect();
                let route = known.iter().map(|form| form.route).min_by_key(|route| route.matches('{').count());
                let route = route.unwrap_or_else(|| panic!("{path} has a form for {action}, which leads nowhere"));
                let taken: BTreeSet<_> =
                    known.iter().flat_map(|form| form.fields.iter().map(|(name, _)| *name)).collect();
                let more: Vec<_> = names.iter().filter(|name| !taken.contains(name.as_str())).collect();
                assert!(more.is_empty(), "{path}, {action}: nobody takes {more:?}");
                seen.insert(route);
            }
        }
        seen
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_a_page_draws_is_taken() {
    let office = Office::open().await;
    let (hall, acme) = (office.server.app(), &office.acme);
    let (conversation, candidate) = (acme.chat.conversation, acme.chat.added.candidate.id);
    let paths = [
        "/o/acme".to_owned(),
        format!("/o/acme/conversations/{conversation}"),
        "/o/acme/projects".to_owned(),
        format!("/o/acme/projects/{}", acme.project.id),
        format!("/o/acme/candidates/{candidate}"),
        format!("/o/acme/candidates/{candidate}/erase"),
        "/o/acme/settings".to_owned(),
        "/account".to_owned(),
    ];
    let mut seen = office.look(By::Owner, &paths).await;
    let claimed = act::next(hall, &acme.api).await.unwrap();
    seen.extend(office.look(By::Owner, &paths[..2]).await);
    let lease = claimed.lease.token;
    app::queue::release(hall, &acme.api, conversation, lease).await.unwrap();
    act::next(hall, &acme.owner.actor).await.unwrap();
    seen.extend(office.look(By::Owner, &paths[..2]).await);
    for status in [ConversationStatus::Snoozed, ConversationStatus::Closed] {
        let change = ConversationChange { status: Some(status), ..ConversationChange::default() };
        app::conversations::update(hall, &acme.owner.actor, conversation, change).await.unwrap();
        seen.extend(office.look(By::Owner, &paths[..2]).await);
    }
    seen.extend(office.look(By::Candidate, &[format!("/chat/{conversation}")]).await);
    seen.extend(office.look(By::Anybody, &[format!("/c/{}", acme.chat.link), "/sign-in".to_owned()]).await);
    seen.extend(office.look(By::Operator, &["/admin".to_owned()]).await);
    assert!(seen.len() > 25, "{seen:?}");
}
