//! Two open pages of one thing: a save changes what the person changed.

use hearback::app::{candidates, projects};

use crate::harness::{Browser, Server, Tenant};

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    rest.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_change_different_details_of_a_candidate_both_have_their_way() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let id = acme.chat.added.candidate.id;
    let page = format!("/o/acme/candidates/{id}");
    let first = Browser::of(&server, &acme.recruiter.cookie()).await;
    let second = Browser::of(&server, &acme.colleague.cookie()).await;
    let shown = hidden(&first.get(&page).await.text, "shown");
    let save = async |browser: &Browser, changed: (&str, &str)| {
        let mut fields = vec![
            ("name", "candidate acme"),
            ("email", ""),
            ("phone", ""),
            ("time_zone", ""),
            ("locale", ""),
            ("external_id", ""),
        ];
        fields.iter_mut().filter(|(name, _)| *name == changed.0).for_each(|field| field.1 = changed.1);
        fields.push(("shown", &shown));
        assert_eq!(browser.post(&page, &fields).await.status, 303);
    };
    save(&first, ("phone", "+43 1 234567")).await;
    save(&second, ("email", "ada@example.org")).await;
    save(&first, ("name", "Ada King")).await;
    let profile = candidates::facts(server.app(), &acme.owner.actor, id).await.unwrap().candidate.profile;
    assert_eq!(&*profile.name, "Ada King");
    assert_eq!(profile.phone.as_deref(), Some("+43 1 234567"));
    assert_eq!(profile.email.unwrap().as_str(), "ada@example.org");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_name_different_members_both_have_their_way() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let page = format!("/o/acme/projects/{}", acme.project.id);
    let [owner, recruiter, colleague] =
        [&acme.owner, &acme.recruiter, &acme.colleague].map(|person| person.id.to_string());
    let browser = Browser::of(&server, &acme.owner.cookie()).await;
    let shown = hidden(&browser.get(&page).await.text, "shown");
    assert_eq!(shown.trim_end_matches(','), owner, "who made a project is named in it");
    let save = async |shown: &str, restricted: &[&str], members: &[&str]| {
        let mut fields = vec![("act", "team"), ("shown", shown)];
        fields.extend(restricted.iter().map(|field| (*field, "true")));
        fields.extend(members.iter().map(|id| ("member", *id)));
        assert_eq!(browser.post(&page, &fields).await.status, 303);
        let found = projects::find_with_team(server.app(), &acme.owner.actor, acme.project.id).await.unwrap();
        let mut team: Vec<String> = found.team.iter().map(|brief| brief.id.to_string()).collect();
        team.sort();
        (found.project.restricted, team)
    };
    let sorted = |ids: &[&str]| {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(save(&shown, &["restricted"], &[&owner, &recruiter]).await, (true, sorted(&[&owner, &recruiter])));
    // Of a page that was opened before: neither the restriction nor the others are touched.
    assert_eq!(save(&shown, &[], &[&owner, &colleague]).await, (true, sorted(&[&owner, &recruiter, &colleague])));
    let both = format!("{owner},{recruiter}");
    let left = save(&both, &["restricted", "shown_restricted"], &[&owner]).await;
    assert_eq!(left, (true, sorted(&[&owner, &colleague])));

    let rename = [("act", "rename"), ("name", "project acme"), ("shown_name", "project acme")];
    projects::rename(server.app(), &acme.owner.actor, acme.project.id, crate::harness::tenant::name("New"))
        .await
        .unwrap();
    assert_eq!(browser.post(&page, &rename).await.status, 303);
    let found = projects::find(server.app(), &acme.owner.actor, acme.project.id).await.unwrap();
    assert_eq!(&*found.name, "New", "a name that was not changed is not put back");
}
