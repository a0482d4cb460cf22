//! The promises of CONTRACT.md, section 6.

mod place;
