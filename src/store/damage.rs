//! Damage in an SQLite file, remembered once it was met.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether damage was met in the database file. From then on nothing is written to it: that could only spread it.
#[derive(Clone, Debug, Default)]
pub struct Damage(Arc<AtomicBool>);

impl Damage {
    /// Whether it was.
    pub(super) fn is_met(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// It was met just now.
    pub(super) fn meet(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
