//! A file that is there whole or not at all.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// A file in the making, beside the one that it will be; dropped, it leaves nothing.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
}

impl Partial {
    /// Nothing is made yet; what a broken-off command has left under the name is removed.
    pub(super) fn of(target: &Path) -> anyhow::Result<Self> {
        let partial = Self { path: named(target, ".partial"), target: target.to_owned() };
        remove_if_there(&partial.path)?;
        Ok(partial)
    }

    /// Where to write.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable and gives it its name, which then is durable too.
    pub(super) fn put_in_place(self) -> anyhow::Result<()> {
        sync(&self.path)?;
        fs::rename(&self.path, &self.target).with_context(|| format!("{} cannot be written", self.target.display()))?;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        sync(folder.unwrap_or(Path::new(".")))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already where it was put in place.
        drop(fs::remove_file(&self.path));
    }
}

/// The file's name with an ending more.
pub(super) fn named(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

pub(super) fn remove_if_there(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", file.display()))
        }
        _ => Ok(()),
    }
}

pub(super) fn sync(path: &Path) -> anyhow::Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("{} cannot be made durable", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let names =
            || -> Vec<_> { fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect() };
        let target = folder.path().join("copy.db");
        let given_up = Partial::of(&target).unwrap();
        fs::write(given_up.path(), "half").unwrap();
        assert_eq!(names(), ["copy.db.partial"]);
        drop(given_up);
        assert!(names().is_empty());
        fs::write(named(&target, ".partial"), "left by a kill").unwrap();
        let partial = Partial::of(&target).unwrap();
        fs::write(partial.path(), "whole").unwrap();
        partial.put_in_place().unwrap();
        assert_eq!(names(), ["copy.db"]);
        assert_eq!(fs::read(target).unwrap(), b"whole");
    }
}
