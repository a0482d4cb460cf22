//! What a server holds.

use serde_json::json;

use super::verdict::Series;
use crate::harness::{Process, Socket};

/// Reads what a server holds.
pub struct Gauge<'a> {
    process: &'a Process,
    operator: Socket,
}

/// Memory of its own and mapped files, descriptors, tasks.
type Reading = [u64; 4];

/// A series for each value of a reading.
pub fn series() -> [Series; 4] {
    [
        Series::of("memory", "kB", 4 << 10),
        Series::of("mapped files", "kB", 4 << 10),
        Series::of("descriptors", "", 8),
        Series::of("tasks", "", 8),
    ]
}

pub fn in_words([memory, mapped, descriptors, tasks]: &Reading) -> String {
    format!("{memory} kB of memory, {mapped} kB of mapped files, {descriptors} descriptors, {tasks} tasks")
}

impl<'a> Gauge<'a> {
    /// As the operator with that cookie.
    pub async fn at(process: &'a Process, cookie: &str) -> Self {
        Self { process, operator: Socket::enter_as_operator(&process.url, cookie).await }
    }

    pub async fn read(&self) -> Reading {
        let overview = self.operator.ask("admin:overview", json!({})).await;
        self.operator.forget();
        let tasks = overview["live"]["tasks"].as_u64().unwrap();
        [self.process.holds("RssAnon"), self.process.holds("RssFile"), self.process.descriptors(), tasks]
    }
}
