//! Every form of the pages: what it does is told once, with who, whom and from where; what is refused is not.

use hearback::{
    app::{self, users::NewUser},
    domain::{
        access::{Actor, Operator},
        audit::{Act, ActorKind, Entry, Fact},
        ids::Id,
        user::Email,
    },
};
use uuid::Uuid;

use super::{News, everything, expected};
use crate::harness::{
    Browser, Person, Server, Tenant, act,
    forms::{About, By, Form, Secrets, forms},
    tenant::{HERE, PASSWORD, name, operators_cookie},
};

/// An organization at work, and a browser of everybody for whom its forms are.
struct House {
    server: Server,
    acme: Tenant,
    secrets: Secrets,
    operator: Browser,
    /// Everything that must stand nowhere in the log.
    canaries: Vec<String>,
}

impl House {
    async fn open() -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        act::write(server.app(), &acme.chat, "hello, what do you pay?").await;
        let email = Email::parse("email", "invited@acme.example").unwrap();
        let new = NewUser { email, name: name("Invited"), operator: false, password: None, membership: None };
        let created = app::users::create(server.app(), Operator::command_line(), new).await.unwrap();
        let invitation = created.invitation.unwrap().expose().to_owned();
        let (link, offer) = (acme.chat.link.clone(), acme.offer.clone());
        let secrets = Secrets { link, invitation, offer, password: PASSWORD.to_owned() };
        let cookie = operators_cookie(server.app()).await;
        let operator = Browser::of(&server, &cookie).await;
        let people = [&acme.owner, &acme.recruiter, &acme.colleague, &acme.viewer];
        let mut canaries: Vec<String> = people.map(|person| person.session.clone()).into();
        canaries.extend([
            secrets.link.clone(),
            secrets.invitation.clone(),
            acme.offer.clone(),
            acme.token.clone(),
            cookie,
        ]);
        canaries.extend(
            [PASSWORD, "a walk in the rain", "hello", "candidate acme", "Ada", "Eve", "example.org", "argon2"]
                .map(str::to_owned),
        );
        Self { server, acme, secrets, operator, canaries }
    }

    fn forms(&self) -> Vec<Form> {
        forms(&About { at: &self.acme, of: &self.acme, secrets: &self.secrets })
    }

    async fn browser(&self, person: &Person) -> Browser {
        Browser::of(&self.server, &person.cookie()).await
    }
}

/// The name under which the sender of a form is told; `None` for candidates, who are told without.
fn name_of(form: &Form) -> Option<&'static str> {
    match (form.by, form.route) {
        // Whoever signs in here is the owner.
        (By::Owner, _) | (By::Anybody, "/sign-in" | "/sign-out") => Some("owner acme"),
        (By::Recruiter, _) => Some("recruiter acme"),
        (By::Colleague, _) => Some("colleague acme"),
        (By::Operator, _) => Some("Operator"),
        (By::Anybody, "/setup") => Some("Invited"),
        (By::Anybody | By::Candidate, _) => None,
    }
}

fn assert_told(house: &House, form: &Form, entry: &Entry) {
    let at = format!("{} {:?}: {entry:?}", form.address, form.fields);
    assert_eq!(entry.by.whence, HERE, "{at}");
    assert_eq!(entry.by.name.as_deref(), name_of(form), "{at}");
    let kind = if name_of(form).is_some() { ActorKind::User } else { ActorKind::Candidate };
    assert_eq!(entry.by.kind, kind, "{at}");
    assert!(entry.by.id.is_some() && entry.subject.is_some(), "{at}");
    let slug = entry.organization.as_ref().and_then(|(_, slug)| slug.as_ref()).map(ToString::to_string);
    let of_installation =
        ["/setup", "/sign-in", "/sign-out"].contains(&form.route) || form.route.starts_with("/account");
    let expected = match form.route {
        "/admin/organizations" => Some("new-one"),
        "/admin/users" => Some("acme"),
        route if route.starts_with("/admin/organizations/") => Some("acme"),
        route if route.starts_with("/admin/") || of_installation => None,
        _ => Some("acme"),
    };
    assert_eq!(slug.as_deref(), expected, "{at}");
    for id in form.address.split('/').filter_map(|part| part.parse::<Uuid>().ok()) {
        // A session's entry is about its user.
        let subject = entry.subject.as_ref().unwrap().id;
        let is_named = subject == id || entry.facts.values().any(|fact| *fact == Fact::Is(id.to_string()));
        assert!(is_named, "{id} in {at}");
    }
    assert!(house.server.app().clock.now() >= entry.created_at, "{at}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_by_a_page_is_told_once_and_nothing_else_is() {
    let house = House::open().await;
    let (server, acme) = (&house.server, &house.acme);
    let [owner, recruiter, colleague] =
        [&acme.owner, &acme.recruiter, &acme.colleague].map(|person| house.browser(person));
    let (owner, recruiter, colleague) = (owner.await, recruiter.await, colleague.await);
    let anybody = Browser::open(server).await;
    let candidate = Browser::open(server).await;
    assert_eq!(candidate.post(&format!("/c/{}", acme.chat.link), &[]).await.status, 303);
    let mut news = News::since_now(server.app()).await;
    let mut told = 0;
    for form in house.forms() {
        let browser = match form.by {
            By::Owner => &owner,
            By::Recruiter => &recruiter,
            By::Colleague => &colleague,
            By::Operator => &house.operator,
            By::Candidate => &candidate,
            By::Anybody => &anybody,
        };
        let answer = form.send(browser).await;
        assert!(answer.status < 400, "{} {:?}: {} {:.500}", form.address, form.fields, answer.status, answer.text);
        let entries = news.next().await;
        let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, expected::actions(&form), "{} {:?}", form.address, form.fields);
        for entry in &entries {
            assert_told(&house, &form, entry);
        }
        told += entries.len();
    }
    assert!(told > 30, "{told}");
    assert_no_canary(&house, &[&anybody, &candidate]).await;
}

/// Nothing of what was written, shown or known by heart stands in the log.
async fn assert_no_canary(house: &House, browsers: &[&Browser]) {
    let rows = house.server.dump().await;
    let rows: Vec<_> = rows.iter().filter(|row| row.starts_with("audit_entries: ")).collect();
    assert!(rows.iter().any(|row| row.contains("owner acme")), "the log is looked at");
    let cookies = browsers.iter().filter_map(|browser| browser.cookie("hearback_chat"));
    for canary in house.canaries.iter().cloned().chain(cookies) {
        let found: Vec<_> = rows.iter().filter(|row| row.contains(&canary)).collect();
        assert!(found.is_empty(), "{canary}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_changes_nothing_is_not_told() {
    let house = House::open().await;
    let (server, acme) = (&house.server, &house.acme);
    let (viewer, nobody) = (house.browser(&acme.viewer).await, Browser::open(server).await);
    let mut news = News::since_now(server.app()).await;
    for form in house.forms().iter().filter(|form| matches!(form.by, By::Owner | By::Operator)) {
        for browser in [&viewer, &nobody] {
            let answer = form.send(browser).await;
            let is_daily = expected::actions(form).is_empty();
            assert!(is_daily || [401, 403, 404].contains(&answer.status), "{}: {}", form.address, answer.status);
        }
        assert_eq!(news.actions().await, Vec::<&str>::new(), "{}", form.address);
    }
    let by = &acme.owner.actor;
    let app = server.app();
    app::projects::reopen(app, by, acme.project.id).await.unwrap();
    app::projects::rename(app, by, acme.project.id, acme.project.name.clone()).await.unwrap();
    app::members::set_role(app, by, acme.viewer.id, hearback::domain::user::Role::Viewer).await.unwrap();
    let Actor::Member(owner) = by else { panic!("a member") };
    app::organizations::update(app, by, acme.organization.name.clone(), acme.organization.targets).await.unwrap();
    app::organizations::restore(app, Operator::command_line(), owner.organization).await.unwrap();
    app::users::restore(app, Operator::command_line(), acme.viewer.id).await.unwrap();
    let profile = acme.chat.added.candidate.profile.clone();
    app::candidates::update(app, by, acme.chat.added.candidate.id, profile).await.unwrap();
    assert_eq!(news.actions().await, Vec::<&str>::new());
    // The look would have shown it.
    app::projects::close(app, by, acme.project.id).await.unwrap();
    assert_eq!(news.actions().await, ["project.closed"]);
}

#[tokio::test]
async fn a_change_is_told_with_what_it_was_before_and_after() {
    use hearback::domain::{project::ProjectStatus, user::Role};

    let hall = crate::harness::Hall::sqlite().await;
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let by = &acme.owner.actor;
    app::members::set_role(app, by, acme.viewer.id, Role::Recruiter).await.unwrap();
    app::projects::set_team(app, by, acme.project.id, true, vec![acme.owner.id, acme.viewer.id]).await.unwrap();
    let change = app::projects::ProjectChange {
        name: Some(name("Baker")),
        status: Some(ProjectStatus::Closed),
        ..Default::default()
    };
    app::projects::change(app, by, acme.project.id, change).await.unwrap();
    let mut last: Vec<Entry> = everything(app).await;
    let last = last.split_off(last.len() - 4);
    let act = |entry: &Entry| -> Vec<String> {
        entry.facts.iter().map(|(name, fact)| format!("{}: {name}: {fact}", entry.action.as_str())).collect()
    };
    let facts: Vec<_> = last.iter().flat_map(act).collect();
    assert_eq!(
        facts,
        [
            "member.role_changed: role: viewer → recruiter",
            "project.team_changed: restricted: no → yes",
            "project.team_changed: team: owner acme → owner acme, viewer acme",
            "project.renamed: name: project acme → Baker",
        ]
    );
    assert_eq!(last[0].subject.as_ref().unwrap().label.as_deref(), Some("viewer acme"));
    assert_eq!(last[0].subject.as_ref().unwrap().id, acme.viewer.id.uuid());
    let same = Act::new(Operator::command_line(), last[0].action).change("role", Role::Owner, Role::Owner);
    assert!(same.facts.is_empty());
}
