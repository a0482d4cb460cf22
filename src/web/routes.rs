//! Every address of the door, in one list that serves both the router and the tests which walk it.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, on},
};

use super::{WebState, api, assets, health, metrics, pages};

/// For whom an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, without any credentials.
    Everyone,
    /// Whoever is signed in.
    User,
    /// Members of the organization whose `{slug}` stands in the path.
    Member,
    /// Operators of the installation.
    Operator,
    /// The candidate of the conversation in the path.
    Candidate,
    /// Whoever knows the secret in the path.
    LinkHolder,
    /// Programs with an API token.
    Api,
}

/// One address and method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method; an address for GET answers HEAD too.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
    /// For whom it is.
    pub who: Who,
}

/// A router together with the list of what is in it. There is no other way to add an address.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<WebState>,
    list: Vec<Route>,
}

impl Routes {
    /// No address yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an address that shows something and changes nothing.
    #[must_use]
    pub fn get<H, T>(self, who: Who, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        self.on(Method::GET, MethodFilter::GET, who, path, handler)
    }

    /// Adds an address that takes a form.
    #[must_use]
    pub fn post<H, T>(self, who: Who, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        self.on(Method::POST, MethodFilter::POST, who, path, handler)
    }

    fn on<H, T>(mut self, method: Method, filter: MethodFilter, who: Who, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        self.router = self.router.route(path, on(filter, handler));
        self.list.push(Route { method, path: path.to_owned(), who });
        self
    }

    /// Adds all of another list.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        self.adopt(other.router, other.list)
    }

    /// Adds a router made elsewhere, such as from the API's description, with the list of what is in it.
    #[must_use]
    pub fn adopt(mut self, router: Router<WebState>, list: Vec<Route>) -> Self {
        self.router = self.router.merge(router);
        self.list.extend(list);
        self
    }

    /// What is in it.
    #[must_use]
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router alone.
    pub fn into_router(self) -> Router<WebState> {
        self.router
    }
}

/// Every address of the door.
#[must_use]
pub fn all() -> Routes {
    Routes::new()
        .get(Who::Everyone, "/livez", health::alive)
        .get(Who::Everyone, "/readyz", health::ready)
        .get(Who::Everyone, "/health", health::report)
        .get(Who::Everyone, "/metrics", metrics::show)
        .get(Who::Everyone, "/assets/{file}", assets::serve)
        .merge(pages::routes())
        .merge(api::routes())
}
