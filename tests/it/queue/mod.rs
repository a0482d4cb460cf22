//! The promises of CONTRACT.md, section 6.

mod closed;
mod leases;
mod link;
mod live;
mod model;
mod place;
mod put_back;
mod random;
mod rest;
mod servers;
mod steps;
