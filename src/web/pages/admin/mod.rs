//! The operators' page: who is here, what waits, and the organizations, users, sessions and jobs of the installation.

mod audit;
mod jobs;
mod organizations;
mod overview;
mod signals;
mod users;
mod watch;

use serde::Deserialize;

use crate::web::routes::{Routes, Who};

/// The addresses.
pub fn routes() -> Routes {
    Routes::new()
        .get(Who::Operator, "/admin", overview::show)
        .get(Who::Operator, "/admin/audit", audit::show)
        .get(Who::Operator, "/admin/audit.csv", audit::download)
        .post(Who::Operator, "/admin/alerts/{alert}/acknowledge", signals::acknowledge)
        .post(Who::Operator, "/admin/servers/{node}/forget", signals::forget)
        .post(Who::Operator, "/admin/organizations", organizations::create)
        .post(Who::Operator, "/admin/organizations/{organization}/suspend", organizations::suspend)
        .post(Who::Operator, "/admin/organizations/{organization}/restore", organizations::restore)
        .post(Who::Operator, "/admin/organizations/{organization}/remove", organizations::remove)
        .post(Who::Operator, "/admin/users", users::create)
        .post(Who::Operator, "/admin/users/{user}/invite", users::invite)
        .post(Who::Operator, "/admin/users/{user}/remove", users::remove)
        .post(Who::Operator, "/admin/users/{user}/restore", users::restore)
        .post(Who::Operator, "/admin/sessions/{session}/end", users::end_session)
        .post(Who::Operator, "/admin/jobs/{job}/retry", jobs::retry)
        .post(Who::Operator, "/admin/jobs/{job}/discard", jobs::discard)
}

/// A form of one button.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
