//! Door 1: pages and REST.
//!
//! A handler parses, finds who acts, calls one use case and shows the result. What all of them share is laid around
//! them in [`layers`]; every address stands in [`routes`].

pub mod api;
pub mod assets;
pub mod client;
pub mod csrf;
pub mod error;
pub mod form;
pub mod handshake;
pub mod health;
pub mod layers;
mod leftover;
mod metrics;
pub mod page;
pub mod pages;
pub mod routes;
pub mod session;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, extract::FromRef};
use serde_json::Value;

use crate::{app::App, monitor::Monitor};

/// What every handler can reach.
#[derive(Clone)]
pub struct WebState {
    /// The use cases' needs.
    pub app: App,
    /// Who watches.
    pub monitor: Arc<Monitor>,
    /// How the socket's events are described (AsyncAPI).
    asyncapi: Arc<Value>,
    draining: Arc<AtomicBool>,
    metrics_token: Option<Arc<str>>,
    /// Settings and their values, for operators.
    settings: Arc<[(&'static str, String)]>,
    is_trusted_proxy: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
}

impl WebState {
    /// The state of a door that believes `X-Forwarded-For` of the proxies that `is_trusted_proxy` names.
    pub fn new(monitor: Arc<Monitor>, is_trusted_proxy: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self {
            app: monitor.app.clone(),
            monitor,
            asyncapi: Arc::default(),
            draining: Arc::default(),
            metrics_token: None,
            settings: Arc::default(),
            is_trusted_proxy: Arc::new(is_trusted_proxy),
        }
    }

    /// The same state, serving that description of the socket's events (`AsyncAPI`).
    pub fn with_asyncapi(mut self, document: Value) -> Self {
        self.asyncapi = Arc::new(document);
        self
    }

    /// The same state, showing its metrics to whoever shows this token, too.
    pub fn with_metrics_token(mut self, token: Option<&str>) -> Self {
        self.metrics_token = token.map(Arc::from);
        self
    }

    /// The same state, showing these settings to operators.
    pub fn with_settings(mut self, settings: Vec<(&'static str, String)>) -> Self {
        self.settings = settings.into();
        self
    }

    /// From now on `/readyz` says no, so that a balancer sends nobody any more.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Whether people reach this installation by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.app.settings.public_url.scheme() == "https"
    }

    fn origin(&self) -> String {
        self.app.settings.public_url.origin().ascii_serialization()
    }
}

impl fmt::Debug for WebState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebState").field("app", &self.app).finish_non_exhaustive()
    }
}

impl FromRef<WebState> for Arc<Monitor> {
    fn from_ref(state: &WebState) -> Self {
        Arc::clone(&state.monitor)
    }
}

impl FromRef<WebState> for App {
    fn from_ref(state: &WebState) -> Self {
        state.app.clone()
    }
}

/// The whole door, ready to be served. It wants the peer's address as `ConnectInfo<SocketAddr>`.
pub fn router(state: WebState) -> Router {
    let router = routes::all().into_router();
    layers::around(router, &state).with_state(state)
}
