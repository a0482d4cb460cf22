//! `backup`, `restore`, and the lock that keeps two programs from one file.

use std::{fs, path::Path};

use hearback::{
    app::messages,
    domain::page::{Limit, Stretch},
};

use crate::harness::{
    Server, Tenant,
    act::{entry, write},
    program::{command, done, refused},
};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_under_load_is_one_moment_and_can_be_served() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let copy = server.folder().join("copy.db");
    let writing = {
        let (app, chat) = (server.app().clone(), acme.chat.clone());
        let copy = copy.clone();
        tokio::spawn(async move {
            let mut last = 0;
            // As long as the copy is being made, and at least a few.
            while last < 20 || !copy.exists() {
                last = write(&app, &chat, "Hello").await;
            }
            last
        })
    };
    done(server.folder(), &["backup", text(&copy)]).await;
    let written = writing.await.unwrap();

    let elsewhere = tempfile::tempdir().unwrap();
    done(elsewhere.path(), &["restore", text(&copy)]).await;
    let restored = Server::start_in(elsewhere).await;
    let stretch =
        messages::history(restored.app(), &acme.recruiter.actor, acme.chat.conversation, Stretch::After(0), Limit::MAX);
    let last = stretch.await.unwrap().last_seq;
    assert!(last <= written, "{last} of {written}");
    let queued = entry(restored.app(), &acme.recruiter.actor, acme.chat.conversation).await;
    assert_eq!(queued.map_or(0, |entry| entry.unread), last, "messages and queue are of one moment");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_below_a_running_server_and_no_second_one_starts() {
    let server = Server::start().await;
    let folder = server.folder();
    let copy = folder.join("copy.db");
    done(folder, &["backup", text(&copy)]).await;
    let before = fs::read(folder.join("hearback.db")).unwrap();
    assert!(refused(folder, &["restore", text(&copy)]).await.contains("a server runs on"));
    assert_eq!(fs::read(folder.join("hearback.db")).unwrap(), before);
    assert!(refused(folder, &["serve", "--listen", "127.0.0.1:0"]).await.contains("another server runs on"));
    assert!(refused(folder, &["backup", text(&copy)]).await.contains("exists already"));
    assert!(done(folder, &["check"]).await.contains("server: runs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_refused_and_restore_mends_it() {
    let mut server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    write(server.app(), &acme.chat, "Hello").await;
    // In a folder of its own: the server runs in this process, and what of it lets go of its database last folds its log
    // into that.
    let folder = tempfile::tempdir().unwrap();
    let (database, copy) = (folder.path().join("hearback.db"), folder.path().join("copy.db"));
    done(server.folder(), &["backup", text(&copy)]).await;
    server.stop().await;
    fs::write(&database, vec![7; 40_000]).unwrap();

    let sentence = refused(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(sentence.contains("hearback restore"), "{sentence}");
    let report = command(folder.path(), &["check"]).await;
    assert_eq!(report.code, Some(1));
    assert!(report.out.contains("bad  database"), "{report:?}");
    let wrong = refused(folder.path(), &["restore", text(&database)]).await;
    assert!(wrong.contains("is not a sound SQLite database"), "{wrong}");

    done(folder.path(), &["restore", text(&copy)]).await;
    let aside = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let aside: Vec<_> = aside.filter(|path| text(path).contains(".before-")).collect();
    assert_eq!(aside.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>(), [vec![7; 40_000]], "it is kept");
    server = Server::start_in(folder).await;
    assert!(entry(server.app(), &acme.recruiter.actor, acme.chat.conversation).await.is_some());
}
