//! What people write and what is kept of it: texts, names, labels, moments, files of candidates, and two open pages.

mod bodies;
mod import;
mod labels;
mod pages;
mod teams;
mod zones;
