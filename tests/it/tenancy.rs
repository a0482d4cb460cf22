//! Nobody of another organization is told anything or changes anything, by whichever request and whichever address. The
//! lists are the program's own, so that a new one cannot be forgotten.

mod addresses;
mod requests;

use hearback::domain::queue::LeaseToken;
use serde_json::json;

use crate::harness::{
    Server, Socket, Tenant,
    act::{self, body, client_id},
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
        let app = server.app();
        let hidden = Tenant::create(app, CANARY).await;
        let stranger = Tenant::create(app, "stranger").await;
        act::write(app, &hidden.chat, "canary: what do you pay?").await;
        act::write(app, &stranger.chat, "Hello").await;
        let lease = act::next(app, &hidden.api).await.unwrap().lease.token;
        let note = hearback::app::notes::PostNote {
            conversation: hidden.chat.conversation,
            client_id: client_id(),
            body: body("canary: too expensive"),
            origin: None,
        };
        hearback::app::notes::post(app, &hidden.owner.actor, note).await.unwrap();
        let announcement = hearback::app::announcements::PostAnnouncement {
            project: hidden.project.id,
            client_id: client_id(),
            body: body("canary: we move"),
            origin: None,
        };
        let announcement = hearback::app::announcements::post(app, &hidden.owner.actor, announcement).await.unwrap();
        let announcement = announcement.announcement.id.to_string();
        Self { server, hidden, stranger, lease, announcement }
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
