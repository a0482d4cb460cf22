//! The pages, one file for what belongs together, each struct beside its handler.

use super::routes::{Routes, Who};

mod how;
mod recruiters;

/// Every page's address.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get(Who::Everyone, "/how-it-works", how::show)
}
