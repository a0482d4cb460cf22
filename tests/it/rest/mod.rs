//! REST, over real HTTP: real answers are held to the served OpenAPI document.

mod client;
mod refusals;
mod shape;
mod story;
