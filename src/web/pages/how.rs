//! What happens to a message, for a recruiter who is not technical.

use askama::Template;
use axum::response::Response;

use crate::{domain::problem::Problem, view::filters, web::page};

#[derive(Template)]
#[template(path = "how-it-works.html")]
struct HowItWorks;

/// `GET /how-it-works`
pub async fn show() -> Result<Response, Problem> {
    page::show(&HowItWorks)
}
