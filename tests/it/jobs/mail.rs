//! Mail, by a real mail server: it arrives as it was written, waits while the server is away, and what is refused for good is
//! not tried again.

use chrono::TimeDelta;
use hearback::{
    domain::{
        job::{JobState, NewJob, Work},
        mail::Mail,
        user::Email,
    },
    jobs::Runner,
};

use super::{RHYTHM, counted, mail, outside, reason};
use crate::harness::{
    Hall,
    act::schedule,
    mail::{MailServer, header},
    wait::until,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_as_it_was_written_and_its_headers_are_ours() {
    let server = MailServer::start().await;
    let hall = Hall::sqlite().await;
    let _runner = Runner::start(&hall.app, &outside(None, Some(&server)), RHYTHM);
    let text =
        format!("Grüß Gott,\n.\n.. and a line of its own\n{}\nhttps://jobs.example/admin\n", "long ".repeat(300));
    let hostile = Mail {
        to: Email::parse("to", "ada@mail.example").unwrap(),
        subject: "Größe\r\nBcc: eve@evil.example\r\n\r\nHello\0 <b>\u{202e}".to_owned(),
        text: text.clone(),
    };
    let id = schedule(&hall.app, NewJob::now(Work::Mail(hostile))).await;
    let mail = server.mail().await;
    assert_eq!((&mail["from"], &mail["to"]), (&"hearback@jobs.example".into(), &["ada@mail.example"][..].into()));
    assert_eq!(header(&mail, "subject"), ["Größe Bcc: eve@evil.example Hello <b>\u{202e}"]);
    assert!(header(&mail, "bcc").is_empty(), "{mail}");
    assert_eq!(header(&mail, "from"), ["Hearback <hearback@jobs.example>"]);
    assert_eq!(header(&mail, "to"), ["ada@mail.example"]);
    assert_eq!(header(&mail, "message-id"), [format!("<{id}@jobs.example>")]);
    assert_eq!(header(&mail, "auto-submitted"), ["auto-generated"]);
    assert_eq!(header(&mail, "date"), ["Mon, 02 Mar 2026 08:00:00 +0000"]);
    assert_eq!(mail["text"].as_str().unwrap().replace("\r\n", "\n").trim_end(), text.trim_end());
    counted(&hall.app, JobState::Done, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_sent_once_the_server_is_back() {
    let mut server = MailServer::at_home();
    let hall = Hall::sqlite().await;
    let _runner = Runner::start(&hall.app, &outside(None, Some(&server)), RHYTHM);
    schedule(&hall.app, NewJob::now(mail())).await;
    tried(&hall, 1).await;
    assert!(reason(&hall.app).await.starts_with("the mail server could not be reached: "));
    hall.pass(TimeDelta::seconds(7));
    tried(&hall, 2).await;
    server.open().await;
    hall.pass(TimeDelta::seconds(37));
    counted(&hall.app, JobState::Done, 1).await;
    assert_eq!(server.mails().len(), 1);
}

/// Waits until the one job was tried so often, and waits again.
async fn tried(hall: &Hall, times: i64) {
    until(&format!("try {times}"), || async {
        let jobs = hearback::app::jobs::list(&hall.app, hearback::domain::access::Operator::command_line());
        jobs.await.unwrap().waiting.iter().any(|row| row.tries == times).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_the_moment_is_sent_later_and_what_is_refused_for_good_is_set_aside_at_once() {
    let server = MailServer::start().await;
    let hall = Hall::sqlite().await;
    let _runner = Runner::start(&hall.app, &outside(None, Some(&server)), RHYTHM);
    server.answer("451 4.3.0 Come back later");
    schedule(&hall.app, NewJob::now(mail())).await;
    tried(&hall, 1).await;
    let why = reason(&hall.app).await;
    assert!(why.starts_with("the mail server refused the mail (451): ") && why.contains("Come back later"), "{why}");
    server.answer("");
    hall.pass(TimeDelta::seconds(7));
    counted(&hall.app, JobState::Done, 1).await;

    server.answer("550 5.1.1 No such user");
    schedule(&hall.app, NewJob::now(mail())).await;
    counted(&hall.app, JobState::Failed, 1).await;
    assert!(reason(&hall.app).await.contains("No such user"));
    assert_eq!((server.mails().len(), server.refused()), (1, 2), "nobody is asked again who has said no");
}
