//! What every test stands on: a real server, real sockets, and an organization to work in.

pub mod act;
pub mod browser;
pub mod calls;
pub mod cluster;
pub mod dump;
pub mod forms;
pub mod hall;
pub mod mail;
pub mod port;
pub mod postgres;
pub mod process;
pub mod program;
pub mod proxy;
pub mod receiver;
pub mod run;
pub mod secrets;
pub mod server;
pub mod socket;
pub mod template;
pub mod tenant;
pub mod wait;

pub use self::{
    browser::Browser,
    hall::Hall,
    process::Process,
    server::Server,
    socket::Socket,
    tenant::{Chat, Person, Tenant},
};
