//! One server on one SQLite file: an advisory lock on a file with its name and `.lock`, and on Linux one on the database itself,
//! so that a second name for the same file (a hard link) does not let a second server in. The system releases both with the
//! process.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use tokio::time::sleep;

/// How long, and how often, a server asks for the lock.
const LOOK: (Duration, usize) = (Duration::from_millis(50), 10);

/// Held by the server for as long as it runs.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    /// The database file itself, once it is there.
    covered: Option<File>,
    database: PathBuf,
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
            Ok(()) => {
                let mut lock = Self { _file: file, covered: None, database: database.to_owned() };
                Ok(if lock.cover_file()? { Some(lock) } else { None })
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).context("the file cannot be locked"),
        }
    }

    /// Locks the database file itself, which may have been made since; `false` when a server holds it under another name.
    ///
    /// Closing this file would release SQLite's own locks on the database in this process, so it stays open until the database is
    /// closed. SQLite's locks are of another kind that does not meet this one: on Linux, so it is taken there alone.
    ///
    /// # Errors
    /// The file cannot be locked.
    pub fn cover_file(&mut self) -> anyhow::Result<bool> {
        if !cfg!(target_os = "linux") || self.covered.is_some() || !self.database.exists() {
            return Ok(true);
        }
        let name = self.database.display();
        let file = File::open(&self.database).with_context(|| format!("the file {name} cannot be read"))?;
        match file.try_lock() {
            Ok(()) => {
                self.covered = Some(file);
                Ok(true)
            }
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error).context(format!("the file {name} cannot be locked")),
        }
    }

    /// As [`Lock::take`], for a server: a command that only looks, or a server that is about to have stopped, is waited
    /// for a moment.
    ///
    /// # Errors
    /// As [`Lock::take`].
    pub async fn take_soon(database: &Path) -> anyhow::Result<Option<Self>> {
        let (pause, times) = LOOK;
        for _ in 0..times {
            if let Some(lock) = Self::take(database)? {
                return Ok(Some(lock));
            }
            sleep(pause).await;
        }
        Ok(None)
    }

    /// Whether a server runs on a database file. Those who look at the same time do not take each other for one.
    ///
    /// # Errors
    /// The lock file cannot be read.
    pub fn is_taken(database: &Path) -> anyhow::Result<bool> {
        let path = path_of(database);
        // Nobody has ever served what has no lock file; do not make one just to look.
        if !path.exists() {
            return Ok(false);
        }
        let file = File::open(&path).with_context(|| format!("the file {} cannot be read", path.display()))?;
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error).context("the file cannot be locked"),
        }
    }
}

fn path_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_server_holds_a_file_and_those_who_look_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("hearback.db");
        assert!(!Lock::is_taken(&database).unwrap(), "nobody ever served it");
        let held = Lock::take(&database).unwrap().expect("nobody holds it");
        assert!(Lock::is_taken(&database).unwrap());
        assert!(Lock::take_soon(&database).await.unwrap().is_none());
        drop(held);
        assert!(!Lock::is_taken(&database).unwrap());
        let looking = File::open(path_of(&database)).unwrap();
        looking.try_lock_shared().unwrap();
        assert!(!Lock::is_taken(&database).unwrap());
        let waiting = Lock::take_soon(&database);
        let (lock, ()) = tokio::join!(waiting, async { drop(looking) });
        assert!(lock.unwrap().is_some(), "who only looks is waited for");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_second_name_for_the_same_file_is_the_same_database() {
        let folder = tempfile::tempdir().unwrap();
        let (database, other) = (folder.path().join("hearback.db"), folder.path().join("other.db"));
        let mut held = Lock::take(&database).unwrap().expect("no server holds it");
        std::fs::write(&database, "").unwrap();
        assert!(held.cover_file().unwrap());
        std::fs::hard_link(&database, &other).unwrap();
        assert!(Lock::take(&other).unwrap().is_none());
        drop(held);
        assert!(Lock::take(&other).unwrap().is_some());
    }
}
