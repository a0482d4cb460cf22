//! Migrated databases, made once in a run and copied for each test.

use std::{fs, path::Path};

use hearback::store::Pools;

use super::run::{self, finish};

/// Brings a database up to date, and closes it.
pub fn migrate(url: &str) {
    finish(async {
        let pools = Pools::open(url).await.unwrap();
        pools.migrate().await.unwrap();
        pools.close().await;
    });
}

/// Puts a migrated SQLite database there. Without a run of nextest it does nothing: whatever opens the file migrates it.
pub fn copy_sqlite(to: &Path) {
    let made = run::shared("sqlite", |folder| {
        let file = folder.join("migrated.db").display().to_string();
        migrate(&format!("sqlite://{file}"));
        file
    });
    if let Some(file) = made {
        fs::copy(file, to).unwrap();
    }
}
