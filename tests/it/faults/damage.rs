//! A database that is damaged: never silently wrong.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::Path,
};

use crate::{
    crash::crew::file_in,
    harness::{Process, Server, Tenant},
};

/// Starts the program on a folder where it must refuse; gives what it says.
async fn refusal(folder: &Path) -> String {
    let process = Process::spawn(&[], folder, folder, &[]);
    let (status, _) = process.ended().await;
    assert_eq!(status.code(), Some(1));
    fs::read_to_string(folder.join("log")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_refused_wherever_the_damage_is_and_the_way_to_restore_is_named() {
    let server = Server::start().await;
    Tenant::create(server.app(), "acme").await;
    let folder = server.stop().await;
    let file = file_in(folder.path());
    let size = fs::metadata(&file).unwrap().len();
    let sound = fs::read(&file).unwrap();
    // The header, the schema, an inner page, and the middle of the file.
    for place in [0, 100, 4_096, size / 2 / 4_096 * 4_096] {
        File::options().write(true).open(&file).unwrap().write_all_at(&[0xA5; 4_096], place).unwrap();
        let said = refusal(folder.path()).await;
        assert!(said.contains("hearback restore"), "damaged at {place}: {said}");
        fs::write(&file, &sound).unwrap();
        fs::remove_file(folder.path().join("log")).unwrap();
    }
    fs::write(&file, &sound[..sound.len() / 2]).unwrap();
    let said = refusal(folder.path()).await;
    assert!(said.contains("hearback restore"), "cut off: {said}");
    fs::write(&file, &sound).unwrap();
    Process::start(folder.path(), &[]).await;
}
