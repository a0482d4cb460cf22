//! The promises of CONTRACT.md, section 6.

mod leases;
mod live;
mod model;
mod place;
mod random;
mod rest;
mod servers;
mod steps;
