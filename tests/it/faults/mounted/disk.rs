//! A small ext4 on a loop device, which can be filled.

use std::{fs::File, io::Write, path::Path, process::Command};

use tempfile::{NamedTempFile, TempDir};

pub struct Disk {
    image: NamedTempFile,
    place: TempDir,
}

impl Disk {
    pub fn new(megabytes: u64) -> Self {
        let disk = Self { image: NamedTempFile::new().unwrap(), place: tempfile::tempdir().unwrap() };
        disk.image.as_file().set_len(megabytes * 1024 * 1024).unwrap();
        run(Command::new("mkfs.ext4").args(["-q", "-m", "0"]).arg(disk.image.path()));
        disk.mount();
        disk
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Leaves not a byte.
    pub fn fill(&self) {
        let mut file = File::create(self.path().join("filler")).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    pub fn free(&self) {
        std::fs::remove_file(self.path().join("filler")).unwrap();
    }

    fn mount(&self) {
        run(Command::new("mount").args(["-o", "loop"]).arg(self.image.path()).arg(self.path()));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, since whoever failed may have left the server running.
        drop(Command::new("umount").arg("-l").arg(self.path()).status());
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
