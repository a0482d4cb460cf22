//! The recruiters' pages.
#[cfg(test)]
mod samples;
mod templates;
