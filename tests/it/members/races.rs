//! Two tabs, two owners, two servers at the same moment.

use std::net::{IpAddr, Ipv4Addr};

use hearback::{
    app::{self, App, members, sessions, setup, users, users::NewUser},
    domain::{
        access::{Actor, Identity, Member, Operator, Whence},
        link::Secret,
        password::{OwnWords, Password},
        problem::{Code, Problem},
        user::{Email, Role},
    },
};

use crate::harness::{
    Hall, Server, Tenant,
    postgres::Postgres,
    tenant::{HERE, PASSWORD, invite, name},
};

const ROUNDS: usize = 5;
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn secret(text: &str) -> Secret {
    Secret::parse(text).unwrap()
}

fn password(text: &str) -> Password {
    Password::parse(text, &OwnWords::default()).unwrap()
}

/// One of two has won, and the other was refused as one who comes too late.
fn assert_one_won<T>(one: &Result<T, Problem>, other: &Result<T, Problem>, late: Code) {
    assert_eq!([one, other].iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let refused = [one, other].into_iter().find_map(|outcome| outcome.as_ref().err()).unwrap();
    assert_eq!(refused.code, late, "{refused}");
}

/// Two people with one link, each with a password of their own.
async fn one_chooses(app: &App, other: &App, acme: &Tenant) {
    for round in 0..ROUNDS {
        let email = format!("new-{round}@acme.example");
        let link = secret(&invite(app, &acme.owner.actor, &email, Role::Viewer).await);
        let passwords = [password("a walk in the rain"), password("a walk in the snow")];
        let (first, second) = tokio::join!(
            app::invitations::choose_password(app, &link, ADDRESS, &passwords[0]),
            app::invitations::choose_password(other, &link, ADDRESS, &passwords[1]),
        );
        assert_one_won(&first, &second, Code::NotFound);
        let listed = members::list(app, &acme.owner.actor).await.unwrap();
        assert_eq!(listed.iter().filter(|member| member.email.as_str() == email).count(), 1);
    }
}

/// One person in two tabs.
async fn one_accepts(app: &App, other: &App, acme: &Tenant, globex: &Tenant) {
    let attempt =
        sessions::Attempt { email: "recruiter@acme.example", password: PASSWORD, address: ADDRESS, user_agent: "test" };
    let cookie = sessions::sign_in(app, attempt).await.unwrap();
    for _ in 0..ROUNDS {
        let link = secret(&invite(app, &globex.owner.actor, "recruiter@acme.example", Role::Viewer).await);
        let me = sessions::resume(app, &cookie, HERE).await.unwrap().unwrap();
        let (first, second) =
            tokio::join!(app::invitations::accept(app, &me, &link), app::invitations::accept(other, &me, &link));
        assert_one_won(&first, &second, Code::NotFound);
        members::remove(app, &globex.owner.actor, acme.recruiter.id).await.unwrap();
    }
}

/// One link of an operator's, in two tabs.
async fn one_sets_the_password(app: &App, other: &App) {
    for round in 0..ROUNDS {
        let email = Email::parse("email", &format!("made-{round}@acme.example")).unwrap();
        let new = NewUser { email, name: name("Made"), operator: false, password: None, membership: None };
        let link = users::create(app, Operator::command_line(), new).await.unwrap().invitation.unwrap();
        let passwords = [password("a walk in the rain"), password("a walk in the snow")];
        let (first, second) = tokio::join!(
            setup::choose_password(app, &link, ADDRESS, &passwords[0]),
            setup::choose_password(other, &link, ADDRESS, &passwords[1]),
        );
        assert_one_won(&first, &second, Code::NotFound);
    }
}

/// Two owners make each other viewers.
async fn one_owner_stays(app: &App, other: &App, acme: &Tenant) {
    let member = |person: &crate::harness::Person| {
        Actor::Member(Member {
            organization: acme.organization.id,
            identity: Identity::User(person.id, None),
            name: name("Owner"),
            role: Role::Owner,
            whence: Whence::CommandLine,
        })
    };
    let (one, two) = (member(&acme.owner), member(&acme.recruiter));
    members::set_role(app, &one, acme.recruiter.id, Role::Owner).await.unwrap();
    for _ in 0..ROUNDS {
        let (first, second) = tokio::join!(
            members::set_role(app, &one, acme.recruiter.id, Role::Viewer),
            members::set_role(other, &two, acme.owner.id, Role::Viewer),
        );
        assert_one_won(&first, &second, Code::Forbidden);
        let (winner, loser) = if first.is_ok() { (&one, &acme.recruiter) } else { (&two, &acme.owner) };
        let listed = members::list(app, winner).await.unwrap();
        assert_eq!(listed.iter().filter(|member| member.role == Role::Owner).count(), 1);
        members::set_role(app, winner, loser.id, Role::Owner).await.unwrap();
    }
}

async fn all(app: &App, other: &App) {
    let acme = Tenant::create(app, "acme").await;
    let globex = Tenant::create(app, "globex").await;
    one_chooses(app, other, &acme).await;
    one_accepts(app, other, &acme, &globex).await;
    one_sets_the_password(app, other).await;
    one_owner_stays(app, other, &acme).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_the_same_moment_one_wins_and_one_owner_stays() {
    let hall = Hall::sqlite().await;
    all(&hall.app, &hall.app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_on_two_servers_one_wins_and_one_owner_stays() {
    let postgres = Postgres::start();
    let (one, other) = (Server::start_on(&postgres).await, Server::start_on(&postgres).await);
    all(one.app(), other.app()).await;
}
