//! What the integration tests stand on, as far as the targets need it.

#[path = "../../it/harness/act.rs"]
mod act;
#[path = "../../it/harness/browser.rs"]
mod browser;
#[path = "../../it/harness/calls.rs"]
mod calls;
#[path = "../../it/harness/cluster.rs"]
mod cluster;
#[path = "../../it/harness/port.rs"]
mod port;
#[path = "../../it/harness/postgres.rs"]
mod postgres;
#[path = "../../it/harness/run.rs"]
mod run;
#[path = "../../it/harness/server.rs"]
mod server;
#[path = "../../it/harness/socket.rs"]
mod socket;
#[path = "../../it/harness/template.rs"]
mod template;
#[path = "../../it/harness/tenant.rs"]
mod tenant;
#[path = "../../it/harness/wait.rs"]
pub mod wait;

pub use self::{
    browser::Browser,
    server::Server,
    socket::Socket,
    tenant::{Chat, Tenant},
};
