//! REST, over real HTTP: real answers are held to the served OpenAPI document.

pub mod client;
mod documents;
mod refusals;
pub mod schema;
mod story;
mod walk;
