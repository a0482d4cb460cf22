//! The walk through the addresses.

use hearback::web::routes::{self, Route, Who};
use reqwest::Method;

use super::{CANARY, Neighbours};
use crate::harness::{
    Browser, Person, Server, Tenant,
    browser::Answer,
    calls::{self, calls},
    dump::difference,
    forms::{self, About, By, Form, Secrets, forms},
    tenant::operators_cookie,
};

/// A path with the ids of one organization, below the slug of another or of the same.
fn path_of(route: &Route, slug: &Tenant, ids: &Tenant) -> String {
    let part = |segment: &str| match segment {
        "{slug}" => slug.organization.slug.as_str().to_owned(),
        "{conversation}" => ids.chat.conversation.to_string(),
        "{id}" if route.path.contains("/conversations/{") => ids.chat.conversation.to_string(),
        "{id}" if route.path.contains("/projects/{") => ids.project.id.to_string(),
        "{candidate}" => ids.chat.added.candidate.id.to_string(),
        // No secret is known to a stranger.
        "{token}" => Secrets::guessed().link,
        "{file}" => "app.css".to_owned(),
        unknown if unknown.starts_with('{') => panic!("what stands for {unknown} in {}?", route.path),
        fixed => fixed.to_owned(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What stands in nobody's answer but the hidden organization's own.
fn assert_told_nothing(at: &str, path: &str, answer: &Answer) {
    let told = answer.text.replace(path, "");
    assert!(!told.contains(CANARY), "{at}: {:.2000}", answer.text);
    let location = answer.location.as_deref().unwrap_or_default();
    assert!(!location.replace(path, "").contains("canary:"), "{at}: {location}");
}

/// The candidate of an organization in a browser, come in by the chat link.
async fn candidate(server: &Server, tenant: &Tenant) -> Browser {
    let browser = Browser::open(server).await;
    let entered = browser.post(&format!("/c/{}", tenant.chat.link), &[]).await;
    assert_eq!(entered.status, 303, "{:.500}", entered.text);
    browser
}

async fn browsers(server: &Server, tenant: &Tenant) -> Vec<(&'static str, Browser)> {
    vec![
        ("owner", Browser::of(server, &tenant.owner.cookie()).await),
        ("recruiter", Browser::of(server, &tenant.recruiter.cookie()).await),
        ("viewer", Browser::of(server, &tenant.viewer.cookie()).await),
        ("candidate", candidate(server, tenant).await),
        ("nobody", Browser::open(server).await),
    ]
}

const MEMBERS: [&str; 3] = ["owner", "recruiter", "viewer"];

#[tokio::test(flavor = "multi_thread")]
async fn no_page_with_anothers_ids_is_shown() {
    let neighbours = Neighbours::move_in().await;
    let (hidden, stranger) = (&neighbours.hidden, &neighbours.stranger);
    let browsers = browsers(&neighbours.server, stranger).await;
    let before = neighbours.server.dump().await;
    let all = routes::all();
    let pages = all.list().iter().filter(|route| route.method == Method::GET);
    for route in pages.filter(|route| !matches!(route.who, Who::Everyone | Who::Api | Who::User)) {
        let names_more = route.path.trim_start_matches("/o/{slug}").contains('{');
        let mut paths = vec![path_of(route, hidden, hidden)];
        paths.extend((route.who == Who::Member && names_more).then(|| path_of(route, stranger, hidden)));
        for path in &paths {
            for (who, browser) in &browsers {
                let at = format!("{who}, {path}");
                let answer = browser.get(path).await;
                assert_told_nothing(&at, path, &answer);
                let to_sign_in = answer.location.as_deref().is_some_and(|to| to.starts_with("/sign-in"));
                match route.who {
                    Who::Member if MEMBERS.contains(who) => assert_eq!(answer.status, 404, "{at}"),
                    Who::Member => assert!(answer.status == 303 && to_sign_in, "{at}: {}", answer.status),
                    // Where a candidate's cookie opens nothing, or a link is dead, the page says so in the same words.
                    Who::Candidate | Who::LinkHolder => {
                        assert!([404, 410].contains(&answer.status), "{at}: {}", answer.status);
                    }
                    _ => assert!([403, 404].contains(&answer.status) || to_sign_in, "{at}: {}", answer.status),
                }
            }
        }
    }
    let changed = difference(&before, &neighbours.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

/// What a stranger's form is answered with.
fn assert_refused(who: &str, form: &Form, is_own_house: bool, answer: &Answer) {
    let at = format!("{who}, {} {:?}: {} {:?}", form.address, form.fields, answer.status, answer.location);
    let is_member = MEMBERS.contains(&who);
    match form.who() {
        // What is managed by owners alone is refused to the others of the house without a look at whose it is.
        Who::Member if is_member && is_own_house && who != "owner" => {
            assert!([403, 404].contains(&answer.status), "{at}");
        }
        Who::Member | Who::User if is_member => assert_eq!(answer.status, 404, "{at}"),
        Who::Member | Who::User => assert_eq!(answer.status, 401, "{at}"),
        Who::Operator => assert_eq!(answer.status, if is_member { 403 } else { 401 }, "{at}"),
        Who::Candidate => assert!([404, 410].contains(&answer.status), "{at}"),
        // A link that works no more, or never did, leads to the page that says so.
        Who::LinkHolder => assert!([404, 410].contains(&answer.status) || answer.status == 303, "{at}"),
        Who::Everyone | Who::Api => unreachable!("{at}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_with_anothers_ids_tells_or_changes_anything() {
    let neighbours = Neighbours::move_in().await;
    let (hidden, stranger) = (&neighbours.hidden, &neighbours.stranger);
    let browsers = browsers(&neighbours.server, stranger).await;
    let before = neighbours.server.dump().await;
    let secrets = Secrets::guessed();
    for at in [hidden, stranger] {
        let is_own_house = at.organization.id == stranger.organization.id;
        let all = forms(&About { at, of: hidden, secrets: &secrets });
        forms::assert_complete(&all);
        for form in all.iter().filter(|form| match form.who() {
            Who::Everyone | Who::Api => false,
            Who::User => form.names_something(),
            Who::Member => !is_own_house || form.names_something(),
            Who::Operator | Who::Candidate | Who::LinkHolder => !is_own_house,
        }) {
            for (who, browser) in &browsers {
                let answer = form.send(browser).await;
                let at = format!("{who}, {}", form.address);
                assert_told_nothing(&at, &form.address, &answer);
                assert_refused(who, form, is_own_house, &answer);
            }
        }
    }
    let changed = difference(&before, &neighbours.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_forms_from_those_whom_they_are_for_are_taken() {
    let neighbours = Neighbours::move_in().await;
    let (server, hidden) = (&neighbours.server, &neighbours.hidden);
    hearback::app::queue::release(server.app(), &hidden.api, hidden.chat.conversation, neighbours.lease.clone())
        .await
        .unwrap();
    let secrets = neighbours.secrets().await;
    let anybody = Browser::open(server).await;
    let of = async |person: &Person| Browser::of(server, &person.cookie()).await;
    let (owner, recruiter) = (of(&hidden.owner).await, of(&hidden.recruiter).await);
    let colleague = of(&hidden.colleague).await;
    let operator = Browser::of(server, &operators_cookie(server.app()).await).await;
    let candidate = candidate(server, hidden).await;
    for form in forms(&About { at: hidden, of: hidden, secrets: &secrets }) {
        let browser = match form.by {
            By::Owner => &owner,
            By::Recruiter => &recruiter,
            By::Colleague => &colleague,
            By::Candidate => &candidate,
            By::Operator => &operator,
            By::Anybody => &anybody,
        };
        let answer = form.send(browser).await;
        let is_taken = match answer.status {
            200 | 201 => true,
            303 => answer.location.as_deref().is_some_and(|to| !to.starts_with("/sign-in?return_to")),
            _ => false,
        };
        assert!(is_taken, "{} {:?}: {} {:.3000}", form.address, form.fields, answer.status, answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_another_organization_is_named_in_ones_own() {
    let neighbours = Neighbours::move_in().await;
    let (hidden, stranger) = (&neighbours.hidden, &neighbours.stranger);
    let owner = Browser::of(&neighbours.server, &stranger.owner.cookie()).await;
    let before = neighbours.server.dump().await;
    let theirs = hidden.recruiter.id.to_string();
    for (address, fields) in [
        (format!("conversations/{}/update", stranger.chat.conversation), vec![("assignee", theirs.as_str())]),
        (
            format!("projects/{}", stranger.project.id),
            vec![("act", "team"), ("restricted", "true"), ("member", &theirs)],
        ),
    ] {
        let answer = owner.post(&format!("/o/stranger/{address}"), &fields).await;
        assert_eq!(answer.status, 400, "{address}");
        assert_told_nothing("owner", &address, &answer);
    }
    let changed = difference(&before, &neighbours.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_ones_own_tells_of_another_organization() {
    let neighbours = Neighbours::move_in().await;
    let stranger = &neighbours.stranger;
    let browsers = browsers(&neighbours.server, stranger).await;
    let all = routes::all();
    for route in all.list().iter().filter(|route| route.method == Method::GET && route.who != Who::Api) {
        let path = path_of(route, stranger, stranger);
        for query in ["", "?view=all", "?q=canary", &format!("?project={}", neighbours.hidden.project.id)] {
            for (who, browser) in &browsers {
                let answer = browser.get(&format!("{path}{query}")).await;
                let told = answer.text.replace("?q=canary", "").replace(r#"value="canary""#, "");
                assert!(!told.contains("canary:"), "{who}, {path}{query}");
                assert!(!told.contains("candidate canary"), "{who}, {path}{query}");
                assert!(answer.status < 500, "{who}, {path}{query}: {}", answer.status);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_addresses_with_own_ids_are_shown() {
    let neighbours = Neighbours::move_in().await;
    let hidden = &neighbours.hidden;
    let owner = Browser::of(&neighbours.server, &hidden.owner.cookie()).await;
    let all = routes::all();
    let mut shown = 0;
    for route in all.list().iter().filter(|route| route.who == Who::Member && route.method == Method::GET) {
        let path = path_of(route, hidden, hidden);
        let answer = owner.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {:.500}", answer.text);
        assert!(answer.text.contains(CANARY), "the walk would have noticed {path}");
        shown += 1;
    }
    assert!(shown > 4, "{shown}");
    let theirs = candidate(&neighbours.server, hidden).await;
    let chat = theirs.get(&format!("/chat/{}", hidden.chat.conversation)).await;
    assert_eq!(chat.status, 200);
    assert!(chat.text.contains(CANARY) && !chat.text.contains("too expensive"), "no note for the candidate");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_of_anothers_program_tells_or_changes_anything() {
    let neighbours = Neighbours::move_in().await;
    let (hidden, stranger) = (&neighbours.hidden, &neighbours.stranger);
    let viewer = neighbours.viewers_token(stranger).await;
    let browser = Browser::open(&neighbours.server).await;
    let calls = calls(hidden, &neighbours.lease);
    calls::assert_complete(&calls);
    let before = neighbours.server.dump().await;
    for call in &calls {
        let programs = [("recruiter", stranger.token.as_str()), ("viewer", &viewer), ("nobody", "made-up")];
        for (who, token) in programs {
            // Where nothing is named, one's own is meant.
            if who != "nobody" && !call.names_something() {
                continue;
            }
            let answer = browser.make(call, token).await;
            let at = format!("{who}, {} {}", call.method, call.address());
            assert_told_nothing(&at, &call.address(), &answer);
            let expected = if who == "nobody" { (401, "unauthorized") } else { (404, "not_found") };
            let problem: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!((answer.status, problem["code"].as_str().unwrap()), expected, "{at}");
        }
    }
    let changed = difference(&before, &neighbours.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
    for call in calls.iter().filter(|call| call.method == "get" && !call.path.contains('{')) {
        let own = calls::Call { query: "?limit=200".to_owned(), ..call.clone() };
        let answer = browser.make(&own, &stranger.token).await;
        assert_eq!(answer.status, 200, "{}", own.path);
        assert_told_nothing("recruiter", own.path, &answer);
    }
}
