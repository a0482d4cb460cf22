//! Time zones: their source, and what a snooze makes of them.

use hearback::app;

use crate::harness::{
    Browser, Server, Tenant,
    program::{command, done, refused},
};

#[tokio::test]
async fn check_names_the_version_of_the_time_zones_or_their_folder() {
    let folder = tempfile::tempdir().unwrap();
    assert!(done(folder.path(), &["check"]).await.contains("ok   time zones: IANA 2026"));
    let zones = folder.path().join("zones");
    std::fs::create_dir_all(zones.join("Europe")).unwrap();
    let zones = zones.to_str().unwrap();
    let sentence = refused(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--tzdb-dir", zones]).await;
    assert!(sentence.contains("tzdb_dir") && sentence.contains(zones), "{sentence}");
    let report = command(folder.path(), &["check", "--tzdb-dir", zones]).await;
    assert!(report.code == Some(1) && report.out.contains("bad  time zones: "), "{report:?}");

    // A zone of this data's own, so that it shows where the rules come from: one rule, UTC+7, without clock changes.
    let zone = [b"TZif2".as_slice(), &[0; 15], &[0; 16], &[0, 0, 0, 1, 0, 0, 0, 4]].concat();
    let block = [&[0, 0, 0x62, 0x70, 0, 0][..], b"+07\0"].concat();
    let file = [&zone[..], &block, &zone, &block, b"\n<+07>-7\n"].concat();
    std::fs::write(format!("{zones}/Europe/Vienna"), &file).unwrap();
    std::fs::write(format!("{zones}/tzdata.zi"), "# version 2031a\n").unwrap();
    let report = done(folder.path(), &["check", "--tzdb-dir", zones]).await;
    assert!(report.contains(&format!("ok   time zones: IANA 2031a, in {zones}")), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_in_a_zone_that_is_not_known_is_refused_and_changes_nothing() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    let update = format!("/o/acme/conversations/{}/update", acme.chat.conversation);
    let refused = recruiter.post(&update, &[("snooze", "tomorrow"), ("zone", "Nowhere/Land")]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("time zone"), "{}", refused.text);
    let find = || app::conversations::find(server.app(), &acme.recruiter.actor, acme.chat.conversation);
    assert_eq!(find().await.unwrap().conversation.snooze_until, None);
    assert_eq!(recruiter.post(&update, &[("snooze", "tomorrow"), ("zone", "Asia/Kolkata")]).await.status, 303);
    let until = find().await.unwrap().conversation.snooze_until.unwrap();
    assert_eq!(until.to_datetime().format("%H:%M").to_string(), "03:30", "nine in the morning there");
}
