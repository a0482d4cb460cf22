//! Who belongs to an organization: by an invitation that the person accepts, and never by another organization's password.

mod invitations;
mod owners;
mod prepared;
mod races;

use crate::harness::{Browser, Server, browser::Answer};

/// The path of the link that a page shows.
fn link_in(answer: &Answer) -> String {
    let secret = answer.text.split("/setup/").nth(1).unwrap_or_else(|| panic!("a link: {:.2000}", answer.text));
    format!("/setup/{}", &secret[..43])
}

/// The secret of a link's path.
fn token(link: &str) -> &str {
    link.trim_start_matches("/setup/")
}

/// Invites an address by an owner's page; gives the link's path.
async fn invite(owner: &Browser, slug: &str, email: &str, role: &str) -> String {
    let fields = [("name", "Typed by the owner"), ("email", email), ("role", role)];
    let answer = owner.post(&format!("/o/{slug}/settings/members"), &fields).await;
    assert_eq!(answer.status, 200, "{:.2000}", answer.text);
    link_in(&answer)
}

/// Chooses a password by a link.
async fn choose(browser: &Browser, link: &str, password: &str) -> Answer {
    browser.post("/setup", &[("token", token(link)), ("password", password)]).await
}

/// A new browser that is signed in.
async fn signed_in(server: &Server, email: &str, password: &str) -> Browser {
    let browser = Browser::open(server).await;
    let answer = browser.sign_in(email, password).await;
    assert_eq!(answer.status, 303, "{:.2000}", answer.text);
    browser
}

async fn status(browser: &Browser, path: &str) -> u16 {
    browser.get(path).await.status
}
