//! What we show: the one rendering of each thing, for pages and sockets alike, and the filters of all templates.
//!
//! A fragment is independent of who looks, so that it is rendered once for a whole room; the list around it says whose
//! eyes look.

pub mod announcement;
pub mod audit;
pub mod chart;
pub mod device;
pub mod filters;
pub mod frame;
pub mod heartbeat;
pub mod icons;
pub mod inbox;
pub mod job;
pub mod message;
pub mod note;
pub mod open;
pub mod standing;
pub mod text;

use crate::domain::problem::Problem;

/// Renders a template.
///
/// # Errors
/// `internal` when the template fails, which no data of ours makes it do.
pub fn render(template: &impl askama::Template) -> Result<String, Problem> {
    template.render().map_err(Problem::internal)
}
