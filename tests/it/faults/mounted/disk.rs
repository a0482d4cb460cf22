//! A small ext4 on a loop device, which can be filled and whose power can be cut.

use std::{fs::File, io::Write, path::Path, process::Command};

use tempfile::{NamedTempFile, TempDir};

/// Shuts an ext4 down at once, with nothing of what waits written: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH. By
/// Python, since Rust has no safe ioctl.
const CUT: &str = "import fcntl, os, struct, sys\n\
                   fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

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

    /// What a kernel does to a file system with errors: it can be read, and is never written again.
    pub fn make_read_only(&self) {
        run(Command::new("mount").args(["-o", "remount,abort"]).arg(self.path()));
    }

    pub fn cut_power(&self) {
        run(Command::new("python3").args(["-c", CUT]).arg(self.path()));
    }

    /// After a cut, once nobody has a file open; what was not on the disk is gone.
    pub fn power_on(&mut self) {
        run(Command::new("umount").arg(self.path()));
        self.mount();
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
