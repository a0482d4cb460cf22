//! Damage in the database file that is met while the server runs. (A file that is damaged at the start: `damage`.)

use std::{fs, os::unix::fs::FileExt};

use serde_json::json;
use uuid::Uuid;

use super::{Writer, assert_programs_are_refused, house};
use crate::harness::{Browser, Process, Socket};

/// SQLite's.
const PAGE: usize = 4_096;
const MESSAGES: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn damage_met_while_running_is_never_shown_as_data_and_ends_writing() {
    let (acme, folder) = house().await;
    let database = folder.path().join("hearback.db");
    let process = Process::start(folder.path(), &["--rate-limits", "off"]).await;
    let mut writer = Writer::of(&acme);
    let socket = writer.enter(&process.url).await;
    for _ in 0..MESSAGES {
        writer.write(&socket, 2_000).await.unwrap();
    }
    process.terminate();
    assert!(process.ended().await.0.success(), "its log is folded into the file");
    let process = Process::start(folder.path(), &["--rate-limits", "off"]).await;

    // The start has found the file sound.
    let body = format!("{:x<2000}", MESSAGES / 2);
    let bytes = fs::read(&database).unwrap();
    let at = bytes.windows(body.len()).position(|window| window == body.as_bytes()).expect("a message");
    let page = u64::try_from(at / PAGE * PAGE).unwrap();
    fs::File::options().write(true).open(&database).unwrap().write_all_at(&[0xff; PAGE], page).unwrap();

    let socket = writer.enter(&process.url).await;
    let (mut right, mut refused) = (0, 0);
    for seq in 0..MESSAGES {
        let one = json!({ "conversation": acme.chat.conversation, "after_seq": seq, "limit": 1 });
        let answer = socket.request("message:history", one).await;
        if answer["ok"] == true {
            assert_eq!(answer["messages"][0]["body"], format!("{:x<2000}", seq + 1));
            right += 1;
        } else {
            assert_eq!(answer["error"]["code"], "read_only", "{answer}");
            let words = answer["error"]["message"].as_str().unwrap();
            assert!(words.contains("not everything can be read") && !words.contains("Reading works"), "{words}");
            refused += 1;
        }
    }
    assert!(refused > 0 && right > MESSAGES / 2, "{right} right, {refused} refused");
    assert!(process.log().contains("hearback restore"));

    let browser = Browser::open_at(&process.url).await;
    assert_programs_are_refused(&acme, &browser, &["read_only"]).await;
    let program = Socket::enter_at(&process.url, &acme.namespace(), json!({ "token": acme.token })).await;
    let note =
        json!({ "conversation": acme.chat.conversation, "client_id": Uuid::new_v4(), "body": "Is it this one?" });
    assert_eq!(program.refused("note:post", note).await, "read_only");
    let overview = program.ask("queue:overview", json!({ "limit": 10 })).await;
    assert_eq!(overview["entries"][0]["unread"], MESSAGES, "what is sound is read");
}
