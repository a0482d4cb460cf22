//! The walk through the addresses.

use hearback::web::routes::{self, Route, Who};
use reqwest::Method;
use serde_json::json;

use super::{CANARY, Neighbours};
use crate::harness::{Browser, Server, Tenant, act::client_id, browser::Answer, dump::difference};

/// A path with the ids of one organization, below the slug of another or of the same.
fn path_of(route: &Route, slug: &Tenant, ids: &Tenant) -> String {
    let part = |segment: &str| match segment {
        "{slug}" => slug.organization.slug.as_str().to_owned(),
        "{conversation}" => ids.chat.conversation.to_string(),
        "{project}" => ids.project.id.to_string(),
        "{organization}" => ids.organization.id.to_string(),
        "{user}" | "{member}" => ids.recruiter.id.to_string(),
        "{candidate}" => ids.chat.added.candidate.id.to_string(),
        "{id}" if route.path.contains("/projects/{") => ids.project.id.to_string(),
        "{id}" if route.path.contains("/candidates/{") => ids.chat.added.candidate.id.to_string(),
        "{token}" if route.who == Who::Member => ids.api.member().unwrap().id().to_string(),
        parameter if parameter.starts_with('{') => ids.chat.conversation.to_string(),
        fixed => fixed.to_owned(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Every field that some form asks for, sound for all.
fn fields<'a>(ids: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    ids.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn sound_fields(neighbours: &Neighbours) -> Vec<(&'static str, String)> {
    let hidden = &neighbours.hidden;
    [
        ("body", "hello".to_owned()),
        ("client_id", client_id().to_string()),
        ("seen_seq", "1".to_owned()),
        ("lease", neighbours.lease.0.clone()),
        ("take_over", "true".to_owned()),
        ("status", "closed".to_owned()),
        ("priority", "low".to_owned()),
        ("assignee", hidden.recruiter.id.to_string()),
        ("slug", hidden.organization.slug.as_str().to_owned()),
        ("file", "name,email\nEve,eve@stranger.example\n".to_owned()),
        ("password", "a long walk by the river".to_owned()),
        ("token", "A".repeat(43)),
        ("name", "Renamed".to_owned()),
        ("email", "new@stranger.example".to_owned()),
        ("role", "owner".to_owned()),
        ("urgent", "5".to_owned()),
        ("normal", "5".to_owned()),
        ("low", "5".to_owned()),
    ]
    .into()
}

/// What stands in nobody's answer but the hidden organization's own.
fn assert_told_nothing(who: &str, route: &Route, path: &str, answer: &Answer) {
    let told = answer.text.replace(path, "");
    assert!(!told.contains(CANARY), "{who}, {} {path}: {:.2000}", route.method, answer.text);
    let location = answer.location.as_deref().unwrap_or_default();
    assert!(!location.replace(path, "").contains("canary:"), "{who}, {path}: {location}");
    assert!(answer.status < 500, "{who}, {} {path}: {} {:.2000}", route.method, answer.status, answer.text);
}

fn assert_refused(who: &str, route: &Route, path: &str, answer: &Answer) {
    // A dead link says so, in the same words for every one.
    let back = answer
        .location
        .as_deref()
        .is_some_and(|to| to.starts_with("/sign-in") || (route.who == Who::LinkHolder && path.starts_with(to)));
    let refused = [401, 403, 404, 410].contains(&answer.status) || (answer.status == 303 && back);
    assert!(refused, "{who}, {} {path}: {} {:?}", route.method, answer.status, answer.location);
}

/// What the buttons of the forms say.
fn acts_of(route: &Route) -> &'static [&'static str] {
    match route.path.rsplit('/').next() {
        _ if route.method == Method::GET => &[""],
        Some("import") => &["try", "import", "rejected"],
        Some("announcements") => &["preview", "post"],
        Some("link") => &["new", "revoke"],
        Some("{user}") => &["role", "remove", "invite"],
        Some("{id}") => &["rename", "close", "reopen", "team"],
        _ => &[""],
    }
}

async fn ask(browser: &Browser, route: &Route, path: &str, fields: &[(&str, &str)]) -> Answer {
    match route.path.rsplit('/').next() {
        _ if route.method == Method::GET => browser.get(path).await,
        Some("import") => browser.upload(path, fields).await,
        _ => browser.post(path, fields).await,
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn no_address_with_anothers_ids_tells_or_changes_anything() {
    let neighbours = Neighbours::move_in().await;
    let (hidden, stranger) = (&neighbours.hidden, &neighbours.stranger);
    let browsers = browsers(&neighbours.server, stranger).await;
    let sound = sound_fields(&neighbours);
    let before = neighbours.server.dump().await;
    let all = routes::all();
    let guarded = all.list().iter().filter(|route| !matches!(route.who, Who::Everyone | Who::Api | Who::User));
    for route in guarded {
        let ids = [path_of(route, hidden, hidden), path_of(route, stranger, hidden)];
        let takes_ids = route.path.trim_start_matches("/o/{slug}").contains('{');
        let own_is_own = route.who != Who::Member || takes_ids;
        for path in ids.iter().take(if own_is_own { 2 } else { 1 }) {
            for (who, browser) in &browsers {
                for act in acts_of(route) {
                    let mut fields = fields(&sound);
                    fields.push(("act", act));
                    let answer = ask(browser, route, path, &fields).await;
                    assert_told_nothing(who, route, path, &answer);
                    assert_refused(who, route, path, &answer);
                }
            }
        }
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
    let browser = Browser::open(&neighbours.server).await;
    let bodies = [
        json!({}),
        json!({ "body": "hello", "client_id": client_id(), "seen_seq": 1 }),
        json!({ "body": "hello", "client_id": client_id() }),
        json!({ "name": "Renamed" }),
        json!({ "priority": "low" }),
        json!({ "lease": neighbours.lease }),
        json!({ "project": hidden.project.id }),
    ];
    let before = neighbours.server.dump().await;
    let all = routes::all();
    // Where the path names nothing, one's own is asked for.
    let named = all.list().iter().filter(|route| route.who == Who::Api && route.path.contains('{'));
    for route in named {
        let path = path_of(route, hidden, hidden);
        for body in &bodies {
            let body = (route.method != Method::GET).then_some(body);
            for (who, token) in [("program", stranger.token.as_str()), ("nobody", "made-up")] {
                let answer = browser.call(route.method.clone(), &path, token, body).await;
                assert_told_nothing(who, route, &path, &answer);
                let expected: &[u16] = if who == "nobody" { &[401] } else { &[404, 400, 413, 415, 422] };
                assert!(expected.contains(&answer.status), "{who}, {} {path}: {}", route.method, answer.status);
            }
        }
    }
    let lists = all.list().iter().filter(|route| route.who == Who::Api && !route.path.contains('{'));
    for route in lists.filter(|route| route.method == Method::GET) {
        for query in ["", &format!("?project={}", hidden.project.id)] {
            let path = format!("{}{query}", route.path);
            let answer = browser.call(Method::GET, &path, &stranger.token, None).await;
            assert_told_nothing("program", route, &path, &answer);
        }
    }
    let changed = difference(&before, &neighbours.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
