//! The recruiters' pages.
mod templates;
#[cfg(test)]
mod samples;
