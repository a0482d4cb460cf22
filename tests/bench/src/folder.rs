//! Folders that are gone with the value that holds them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::Result;

/// A folder for one server's data.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub fn new(parent: &Path) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("run-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = parent.join(name);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// One with the same files.
    pub fn copy(&self, parent: &Path) -> Result<Self> {
        let copy = Self::new(parent)?;
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
        Ok(copy)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be taken away lies in the build's folder and goes with it.
        drop(fs::remove_dir_all(&self.0));
    }
}
