//! The fault table of SAFETY.md, as far as one machine can do it in seconds; kills stand in `crash`.

mod damage;
mod mounted;
