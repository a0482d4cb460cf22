//! People are found by name, address, telephone number in any spelling and external id; announcements by those who may
//! read them; and nothing is found by what it no longer says.

use hearback::{
    app::{
        announcements::{self, PostAnnouncement},
        candidates, projects, search,
    },
    domain::{
        access::Actor,
        candidate::{Candidate, Profile, RawProfile},
        ids::ProjectId,
    },
    store::Pools,
};

use crate::harness::{
    Hall, Tenant,
    act::{body, client_id},
    tenant::name,
};

const ADA: RawProfile<'_> = RawProfile {
    name: "Ada Łoś-Müller",
    email: Some("ada.lovelace+jobs@engines.example.org"),
    phone: Some("+43 660 123 45 67"),
    locale: None,
    time_zone: None,
    external_id: Some("R-2024/0815"),
};

async fn people(hall: &Hall, actor: &Actor, query: &str) -> Vec<String> {
    let found = search::search(&hall.app, actor, query).await.unwrap().candidates;
    found.iter().map(|hit| hit.candidate.as_ref().unwrap().to_string()).collect()
}

async fn add(hall: &Hall, acme: &Tenant, raw: RawProfile<'_>) -> Candidate {
    let profile = Profile::parse(raw).unwrap();
    candidates::add(&hall.app, &acme.owner.actor, acme.project.id, profile).await.unwrap().candidate
}

async fn people_are_found(hall: Hall) {
    let acme = Tenant::create(&hall.app, "acme").await;
    add(&hall, &acme, ADA).await;
    add(&hall, &acme, RawProfile { name: "Бо 李明", phone: Some("0660/7654321"), ..RawProfile::default() }).await;
    let number = [
        "+43 660 123 45 67",
        "+436601234567",
        "0043 660 1234567",
        "0660/1234567",
        "(0660) 123-4567",
        "0660 123 45 67",
        "+43 (0) 660 / 123 45 67",
        "06601234567",
        "660.123.4567",
        "1234567",
        "234567",
    ];
    let others = [
        "ada",
        "los",
        "Łoś",
        "mu\u{308}ller",
        "ada mull",
        "lovelace",
        "ada.lovelace+jobs@engines.example.org",
        "engines",
    ];
    for query in number.into_iter().chain(others).chain(["R-2024/0815", "r 2024 0815", "R20240815", "ada 0660 1234567"])
    {
        assert_eq!(people(&hall, &acme.owner.actor, query).await, ["Ada Łoś-Müller"], "{query}");
    }
    for query in ["бо", "李明", "明", "+43 660 7654321", "0660 765 43 21", "+49 660 7654321"] {
        assert_eq!(people(&hall, &acme.owner.actor, query).await, ["Бо 李明"], "{query}");
    }
    for query in ["0660 1234568", "0661 1234567", "34567 ada x", "ada 李明"] {
        assert!(people(&hall, &acme.owner.actor, query).await.is_empty(), "{query}");
    }
}

async fn what_changes_is_found_by_what_it_says_now(hall: Hall) {
    let acme = Tenant::create(&hall.app, "acme").await;
    let owner = &acme.owner.actor;
    let ada = add(&hall, &acme, ADA).await;
    let bo = add(&hall, &acme, RawProfile { name: "Bo Zanzibar", ..RawProfile::default() }).await;
    assert_eq!(people(&hall, owner, "1234567").await.len(), 1);
    let renamed = RawProfile { name: "Ada King", phone: Some("0699 7777777"), ..ADA };
    candidates::update(&hall.app, owner, ada.id, Profile::parse(renamed).unwrap()).await.unwrap();
    for (query, count) in [("los", 0), ("1234567", 0), ("king", 1), ("+43 699 7777777", 1), ("zanzibar", 1)] {
        assert_eq!(people(&hall, owner, query).await.len(), count, "{query}");
    }
    candidates::erase(&hall.app, owner, bo.id).await.unwrap();
    assert!(people(&hall, owner, "zanzibar").await.is_empty());
    if let Pools::Sqlite { readers, .. } = &hall.pools {
        let left = "SELECT (SELECT COUNT(*) FROM candidates_search WHERE candidates_search MATCH 'zanzibar OR los') \
                    + (SELECT COUNT(*) FROM candidates_search_data WHERE INSTR(block, CAST('zanzibar' AS BLOB)) > 0)";
        let (left,): (i64,) = sqlx::query_as(left).fetch_one(readers).await.unwrap();
        assert_eq!(left, 0, "no term of it is left in the index");
    }
}

async fn announced(hall: &Hall, actor: &Actor, query: &str) -> usize {
    search::search(&hall.app, actor, query).await.unwrap().announcements.len()
}

async fn announcements_are_found_by_who_may_read_them(hall: Hall) {
    let acme = Tenant::create(&hall.app, "acme").await;
    let owner = &acme.owner.actor;
    let secret = projects::create(&hall.app, owner, name("secret"), false).await.unwrap().id;
    for (project, text) in [(acme.project.id, "Ward 7 has moved"), (secret, "Ward 8 is closing")] {
        announce(&hall, owner, project, text).await;
    }
    projects::set_team(&hall.app, owner, secret, true, Vec::new()).await.unwrap();
    assert_eq!(announced(&hall, &acme.api, "ward").await, 2, "a program reads all projects");
    for actor in [&acme.viewer.actor, &acme.recruiter.actor] {
        assert_eq!(announced(&hall, actor, "ward").await, 1, "of the open project alone");
        assert_eq!(announced(&hall, actor, "closing").await, 0);
    }
    let globex = Tenant::create(&hall.app, "globex").await;
    assert_eq!(announced(&hall, &globex.owner.actor, "ward").await, 0);
}

async fn announce(hall: &Hall, actor: &Actor, project: ProjectId, text: &str) {
    let post = PostAnnouncement { project, client_id: client_id(), body: body(text), origin: None };
    announcements::post(&hall.app, actor, post).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_name_address_number_and_id() {
    people_are_found(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_name_address_number_and_id_on_postgresql() {
    people_are_found(Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_by_what_it_no_longer_says() {
    what_changes_is_found_by_what_it_says_now(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_by_what_it_no_longer_says_on_postgresql() {
    what_changes_is_found_by_what_it_says_now(Hall::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_of_readable_projects_are_found() {
    announcements_are_found_by_who_may_read_them(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_of_readable_projects_are_found_on_postgresql() {
    announcements_are_found_by_who_may_read_them(Hall::postgres().await).await;
}
