//! Nobody of another organization is told anything or changes anything, by whichever request and whichever address. The
//! lists are the program's own, so that a new one cannot be forgotten.

mod addresses;
mod requests;

use hearback::{
    app::{self, users::NewUser},
    domain::{
        access::Operator,
        queue::LeaseToken,
        user::{Email, Role},
    },
};
use serde_json::json;

use crate::harness::{
    Server, Socket, Tenant,
    act::{self, body, client_id},
    forms::Secrets,
    tenant::{PASSWORD, name},
};

/// Stands in everything that belongs to the other organization.
const CANARY: &str = "canary";

/// Two organizations; the one has something to hide.
struct Neighbours {
    server: Server,
    hidden: Tenant,
    stranger: Tenant,
    /// What the hidden organization's program holds.
    lease: LeaseToken,
    announcement: String,
}

impl Neighbours {
    async fn move_in() -> Self {
        let server = Server::start().await;
        let hall = server.app();
        let hidden = Tenant::create(hall, CANARY).await;
        let stranger = Tenant::create(hall, "stranger").await;
        act::write(hall, &hidden.chat, "canary: what do you pay?").await;
        act::write(hall, &stranger.chat, "Hello").await;
        let lease = act::next(hall, &hidden.api).await.unwrap().lease.token;
        let note = app::notes::PostNote {
            conversation: hidden.chat.conversation,
            client_id: client_id(),
            body: body("canary: too expensive"),
            origin: None,
        };
        app::notes::post(hall, &hidden.owner.actor, note).await.unwrap();
        let announcement = app::announcements::PostAnnouncement {
            project: hidden.project.id,
            client_id: client_id(),
            body: body("canary: we move"),
            origin: None,
        };
        let announcement = app::announcements::post(hall, &hidden.owner.actor, announcement).await.unwrap();
        let announcement = announcement.announcement.id.to_string();
        Self { server, hidden, stranger, lease, announcement }
    }

    /// What those know whom the hidden organization told.
    async fn secrets(&self) -> Secrets {
        let email = Email::parse("email", "invited@canary.example").unwrap();
        let new = NewUser { email, name: name("Invited"), operator: false, password: None, membership: None };
        let created = app::users::create(self.server.app(), Operator::command_line(), new).await.unwrap();
        let invitation = created.invitation.unwrap().expose().to_owned();
        Secrets {
            link: self.hidden.chat.link.clone(),
            invitation,
            offer: self.hidden.offer.clone(),
            password: PASSWORD.to_owned(),
        }
    }

    async fn viewers_token(&self, tenant: &Tenant) -> String {
        let made = app::tokens::create(self.server.app(), &tenant.owner.actor, name("watcher"), Role::Viewer).await;
        made.unwrap().1.expose().to_owned()
    }

    /// A socket of every role of an organization.
    async fn sockets(&self, tenant: &Tenant) -> Vec<(&'static str, Socket)> {
        let namespace = tenant.namespace();
        let people = [("owner", &tenant.owner), ("recruiter", &tenant.recruiter), ("viewer", &tenant.viewer)];
        let mut sockets = Vec::new();
        for (role, person) in people {
            sockets.push((role, Socket::enter_by_cookie(&self.server, &namespace, &person.cookie()).await));
        }
        let program = Socket::enter(&self.server, &namespace, json!({ "token": tenant.token })).await;
        let candidate = Socket::enter(&self.server, &namespace, json!({ "link": tenant.chat.link })).await;
        sockets.extend([("program", program), ("candidate", candidate)]);
        sockets
    }
}
