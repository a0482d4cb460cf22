//! One's own sessions and password.

use crate::harness::{Browser, Server, Socket, Tenant, tenant::PASSWORD};

const EMAIL: &str = "recruiter@acme.example";
const NEW: &str = "another walk by the river";

async fn signed_in(server: &Server, password: &str) -> Browser {
    let browser = Browser::open(server).await;
    assert_eq!(browser.sign_in(EMAIL, password).await.status, 303);
    browser
}

/// The buttons by which sessions are ended.
fn ends(page: &str) -> Vec<String> {
    let forms = page.match_indices("action=\"/account/sessions/");
    let address = |(at, _): (usize, &str)| page[at..].split('"').nth(1).unwrap().to_owned();
    forms.map(address).filter(|address| !address.ends_with("end-others")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sees_where_one_is_signed_in_and_ends_what_one_wants() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let (here, there) = (signed_in(&server, PASSWORD).await, signed_in(&server, PASSWORD).await);
    let page = here.get("/account").await;
    assert_eq!(page.status, 200);
    // This browser, the other one, and the one that the tenant was made with.
    assert_eq!(page.text.matches("last used").count(), 3, "{}", page.text);
    assert_eq!(page.text.matches("This browser").count(), 1);
    assert_eq!(ends(&page.text).len(), 2, "no button for the browser itself");
    let socket = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.recruiter.cookie()).await;

    let oldest = ends(&page.text).pop().unwrap();
    let ended = here.post(&oldest, &[]).await;
    assert_eq!(ended.location.as_deref(), Some("/account?done=ended"));
    socket.ended().await;
    assert_eq!(there.get("/account").await.status, 200, "only the one that was meant");

    let ended = here.post("/account/sessions/end-others", &[]).await;
    assert_eq!(ended.location.as_deref(), Some("/account?done=others-ended"));
    assert_eq!(there.get("/account").await.location.as_deref(), Some("/sign-in?return_to=%2Faccount"));
    assert!(ends(&here.get("/account").await.text).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_the_session_of_somebody_else() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let theirs = signed_in(&server, PASSWORD).await.get("/account").await;
    let address = ends(&theirs.text).pop().unwrap();
    let colleague = Browser::of(&server, &acme.colleague.cookie()).await;
    assert_eq!(colleague.post(&address, &[]).await.status, 404);
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    assert_eq!(recruiter.get("/account").await.status, 200);
    assert_eq!(Browser::open(&server).await.post(&address, &[]).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_signs_out_everywhere_and_only_the_new_one_is_good() {
    let server = Server::start().await;
    Tenant::create(server.app(), "acme").await;
    let (here, there) = (signed_in(&server, PASSWORD).await, signed_in(&server, PASSWORD).await);
    let change = async |current: &str, new: &str| {
        here.post("/account/password", &[("current", current), ("password", new)]).await
    };
    let refused = [
        ("not my password", NEW, "not your current"),
        (PASSWORD, "too short", "at least 12"),
        (PASSWORD, "password1234", "too easy to guess"),
        (PASSWORD, "Summer2026!!", "too easy to guess"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "too easy to guess"),
        (PASSWORD, "recruiter@acme.example", "Leave your name"),
        (PASSWORD, "the Acme that I know well", "Leave your name"),
        (PASSWORD, &"long and longer ".repeat(17), "at most 256"),
    ];
    for (current, new, why) in refused {
        let answer = change(current, new).await;
        assert!([400, 413].contains(&answer.status) && answer.text.contains(why), "{why}: {}", answer.text);
    }
    assert_eq!(there.get("/account").await.status, 200, "nothing has changed");
    assert_eq!(change(PASSWORD, NEW).await.location.as_deref(), Some("/sign-in?done=password"));
    for browser in [&here, &there] {
        assert_eq!(browser.get("/account").await.status, 303, "signed out");
    }
    assert_eq!(Browser::open(&server).await.sign_in(EMAIL, PASSWORD).await.status, 401);
    signed_in(&server, NEW).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_password_counts_to_its_last_character() {
    let server = Server::start().await;
    Tenant::create(server.app(), "acme").await;
    let long = "a wide river, ".repeat(18) + "then";
    assert_eq!(long.len(), 256);
    let here = signed_in(&server, PASSWORD).await;
    here.post("/account/password", &[("current", PASSWORD), ("password", &long)]).await;
    for wrong in [&long[..255], &format!("{long}x"), &long.to_uppercase(), &format!("{long} ")] {
        assert_eq!(Browser::open(&server).await.sign_in(EMAIL, wrong).await.status, 401);
    }
    signed_in(&server, &long).await;
}
