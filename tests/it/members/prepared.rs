//! An account that one organization has prepared opens nothing of another, and none takes an account over.

use super::{choose, invite, signed_in, status, token};
use crate::harness::{Browser, Server, Tenant, postgres::Postgres};

const NORA: &str = "nora@acme.example";
const THEIRS: &str = "the attacker knows this one";
const OWN: &str = "a walk in the rain";

/// Two organizations with a browser of each owner.
async fn owners(server: &Server) -> (Browser, Browser) {
    let acme = Tenant::create(server.app(), "acme").await;
    let globex = Tenant::create(server.app(), "globex").await;
    (Browser::of(server, &acme.owner.cookie()).await, Browser::of(server, &globex.owner.cookie()).await)
}

/// Globex invites an address of acme's, uses the link itself, and waits for acme to invite the same address.
async fn prepared_accounts_open_nothing(server: &Server) {
    let (acme, globex) = owners(server).await;
    let bait = invite(&globex, "globex", NORA, "viewer").await;
    assert_eq!(choose(&Browser::open(server).await, &bait, THEIRS).await.status, 303);
    let attacker = signed_in(server, NORA, THEIRS).await;
    assert_eq!(status(&attacker, "/o/globex").await, 200, "prepared");

    let link = invite(&acme, "acme", NORA, "owner").await;
    assert_eq!(status(&attacker, "/o/acme").await, 404, "invited is not joined");
    assert_eq!(status(&signed_in(server, NORA, THEIRS).await, "/o/acme/settings").await, 404);

    let nora = Browser::open(server).await;
    let page = nora.get(&link).await.text;
    assert!(page.contains("Sign in to accept") && page.contains("new-password"), "either: {page}");
    assert_eq!(choose(&nora, &link, OWN).await.location.as_deref(), Some("/sign-in?done=password"));
    let nora = signed_in(server, NORA, OWN).await;
    assert_eq!(status(&nora, "/o/acme/settings").await, 200);
    assert_eq!(status(&nora, "/o/globex").await, 404, "what globex has prepared is not hers");
    for attacker in [attacker, signed_in(server, NORA, THEIRS).await] {
        assert_eq!(status(&attacker, "/o/acme").await, 404, "the prepared password opens nothing of acme");
        assert_eq!(status(&attacker, "/o/acme/settings").await, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_account_opens_nothing_of_the_organization_that_invites_the_person() {
    prepared_accounts_open_nothing(&Server::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_account_opens_nothing_on_postgresql() {
    let postgres = Postgres::start();
    prepared_accounts_open_nothing(&Server::start_on(&postgres).await).await;
}

/// An organization invites a person of another one, uses the link itself, and wants to be that person there.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_takes_no_account_over_and_shuts_nobody_out() {
    let server = Server::start().await;
    let (acme, globex) = owners(&server).await;
    let link = invite(&acme, "acme", NORA, "owner").await;
    assert_eq!(choose(&Browser::open(&server).await, &link, OWN).await.status, 303);
    let nora = signed_in(&server, NORA, OWN).await;

    let bait = invite(&globex, "globex", NORA, "viewer").await;
    assert_eq!(choose(&Browser::open(&server).await, &bait, THEIRS).await.status, 303);
    let attacker = signed_in(&server, NORA, THEIRS).await;
    assert_eq!(status(&attacker, "/o/globex").await, 200);
    assert_eq!(status(&attacker, "/o/acme").await, 404, "no way into acme");
    assert_eq!(status(&nora, "/o/acme/settings").await, 200, "her session goes on");
    assert_eq!(status(&signed_in(&server, NORA, OWN).await, "/o/acme/settings").await, 200, "and her password");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_two_organizations_has_one_account_by_signing_in_or_by_the_same_password() {
    let server = Server::start().await;
    let (acme, globex) = owners(&server).await;
    let link = invite(&acme, "acme", NORA, "viewer").await;
    assert_eq!(choose(&Browser::open(&server).await, &link, OWN).await.status, 303);
    let link = invite(&globex, "globex", NORA, "viewer").await;
    assert_eq!(choose(&Browser::open(&server).await, &link, OWN).await.status, 303);
    let nora = signed_in(&server, NORA, OWN).await;
    for slug in ["acme", "globex"] {
        assert_eq!(status(&nora, &format!("/o/{slug}")).await, 200, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_belongs_to_no_organization_any_more_starts_over_with_the_next_link() {
    let server = Server::start().await;
    let (acme, globex) = owners(&server).await;
    let bait = invite(&globex, "globex", NORA, "viewer").await;
    assert_eq!(choose(&Browser::open(&server).await, &bait, THEIRS).await.status, 303);
    let attacker = signed_in(&server, NORA, THEIRS).await;
    let page = globex.get("/o/globex/settings").await.text;
    let row = page.split("<tr>").find(|row| row.contains(NORA)).expect("a member");
    let action = row.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(globex.post(action, &[("act", "remove")]).await.status, 303);

    let link = invite(&acme, "acme", NORA, "viewer").await;
    assert_eq!(choose(&Browser::open(&server).await, &link, OWN).await.status, 303);
    assert_eq!(status(&attacker, "/account").await, 303, "its sessions end");
    assert_eq!(Browser::open(&server).await.sign_in(NORA, THEIRS).await.status, 401, "and its password");
    let nora = signed_in(&server, NORA, OWN).await;
    assert_eq!(status(&nora, "/o/acme").await, 200);
    assert_eq!(attacker.post("/setup/accept", &[("token", token(&link))]).await.status, 404);
}
