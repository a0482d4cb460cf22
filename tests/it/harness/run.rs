//! What the tests of one `cargo nextest run` share. It is in a folder that is removed when the run ends, however it ends.

use std::{
    fs::{self, File},
    os::unix::process::{CommandExt, parent_id},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// Waits until the process `$1` has ended, stops every PostgreSQL in the folder `$2` and removes the folder.
const CLEAN_UP: &str = r#"
while kill -0 "$1"; do sleep 1; done
for file in "$2"/*/data/postmaster.pid; do
    if [ -f "$file" ]; then kill -QUIT "$(head -n 1 "$file")"; fi
done
for attempt in 1 2 3 4 5; do rm -rf "$2" && break; sleep 1; done
"#;

/// Gives what `make` returned. It is called once in a run, with a new folder, by the first test that asks for `name`;
/// others wait for it. `None` without a run of nextest: then nothing is shared.
pub fn shared(name: &str, make: impl FnOnce(&Path) -> String) -> Option<String> {
    let run = std::env::var("NEXTEST_RUN_ID").ok()?;
    let all = folder(&run);
    let lock = File::create(all.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let result = all.join(format!("{name}.result"));
    if let Ok(made) = fs::read_to_string(&result) {
        return Some(made);
    }
    let folder = all.join(name);
    // A test that failed while it made this may have left a part.
    drop(fs::remove_dir_all(&folder));
    fs::create_dir(&folder).unwrap();
    let made = make(&folder);
    let written = all.join(format!("{name}.written"));
    fs::write(&written, &made).unwrap();
    fs::rename(&written, &result).unwrap();
    Some(made)
}

/// The folder of a run. Whichever test creates it starts the process that removes it.
fn folder(run: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hearback-tests-{run}"));
    if fs::create_dir(&folder).is_ok() {
        clean_up_after(parent_id(), &folder);
    }
    folder
}

#[expect(clippy::zombie_processes, reason = "it outlives the test")]
fn clean_up_after(process: u32, folder: &Path) {
    Command::new("sh")
        .args(["-c", CLEAN_UP, "sh", &process.to_string()])
        .arg(folder)
        .current_dir("/")
        // A signal to the test or to the terminal's foreground must not end it.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
}

/// Finishes asynchronous work in code that is not asynchronous, whether or not a runtime is running it.
pub fn finish<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
    thread::scope(|scope| scope.spawn(run).join()).unwrap()
}
