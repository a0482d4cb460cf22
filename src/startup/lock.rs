//! One server on one SQLite file: an advisory lock on a file beside it, which the system lets go with the process.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::Context;

/// Held by the server for as long as it runs.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a database file, creating its folder; `None` when a server holds it.
    ///
    /// # Errors
    /// The lock file cannot be made.
    pub fn take(database: &Path) -> anyhow::Result<Option<Self>> {
        let path = path_of(database);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("the file {} cannot be written", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).context("the file cannot be locked"),
        }
    }

    /// Whether a server runs on a database file.
    ///
    /// # Errors
    /// The lock file cannot be made.
    pub fn is_taken(database: &Path) -> anyhow::Result<bool> {
        // Nobody has ever served what has no lock file; do not make one just to look.
        Ok(path_of(database).exists() && Self::take(database)?.is_none())
    }
}

fn path_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}
