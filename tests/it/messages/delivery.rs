//! Once, in order, to everybody else.

use serde_json::json;

use super::{Room, seqs};
use crate::harness::{Server, Socket, wait::within};

#[tokio::test(flavor = "multi_thread")]
async fn a_resent_message_keeps_its_seq_and_is_announced_and_queued_once() {
    let room = Room::open().await;
    let post = room.post("Hello");
    let first = room.candidate.ask("message:post", post.clone()).await;
    let again = room.candidate.ask("message:post", post.clone()).await;
    assert_eq!((&first["duplicate"], &again["duplicate"]), (&json!(false), &json!(true)));
    assert_eq!(first["message"], again["message"]);
    // Sent at the same moment by another socket of the same author.
    let second = Socket::enter(&room.server, &room.acme.namespace(), json!({ "link": room.acme.chat.link })).await;
    let third = second.ask("message:post", post).await;
    assert_eq!((&third["duplicate"], &third["message"]["seq"]), (&json!(true), &json!(1)));
    // What follows is heard after it, so nothing else can be on its way.
    room.candidate.ask("message:post", room.post("End")).await;
    room.recruiter.event("message:posted", |told| told["message"]["body"] == "End").await;
    assert_eq!(room.recruiter.heard("message:posted").len(), 2);
    let overview = room.recruiter.ask("queue:overview", json!({ "limit": 10 })).await;
    assert_eq!((&overview["waiting"], &overview["entries"][0]["unread"]), (&json!(1), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_client_id_of_another_author_is_another_message() {
    let room = Room::open().await;
    let post = room.post("Hello");
    room.candidate.ask("message:post", post.clone()).await;
    let mut reply = post;
    reply["seen_seq"] = json!(1);
    let answer = room.recruiter.ask("message:post", reply).await;
    assert_eq!((&answer["duplicate"], &answer["message"]["seq"]), (&json!(false), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_posts_of_one_socket_keep_their_order() {
    let room = Room::open().await;
    let sent: Vec<_> =
        (1..=1_000).map(|number| room.candidate.send("message:post", &room.post(&number.to_string()))).collect();
    for (number, ack) in (1..=1_000).zip(sent) {
        let ack = within("an ack", ack).await.unwrap();
        assert_eq!(ack["message"]["seq"], json!(number), "{ack}");
        assert_eq!(ack["message"]["body"], json!(number.to_string()));
    }
    room.recruiter.event("message:posted", |told| told["message"]["seq"] == 1_000).await;
    let heard: Vec<i64> =
        room.recruiter.heard("message:posted").iter().map(|told| told["message"]["seq"].as_i64().unwrap()).collect();
    assert_eq!(heard, (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_in_the_conversation_is_told_but_the_socket_that_asked() {
    let room = Room::open().await;
    let second = Socket::enter(&room.server, &room.acme.namespace(), json!({ "link": room.acme.chat.link })).await;
    let acked = room.candidate.ask("message:post", room.post("Hello")).await;
    for other in [&second, &room.recruiter] {
        let told = other.event("message:posted", |_| true).await;
        assert_eq!(told["message"], acked["message"]);
        assert!(told["html"].as_str().unwrap().contains("Hello"));
    }
    room.recruiter.ask("message:post", room.reply("Welcome", 1)).await;
    room.candidate.event("message:posted", |told| told["message"]["body"] == "Welcome").await;
    assert_eq!(room.candidate.heard("message:posted").len(), 1, "not its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_limit_a_candidate_is_told_when_to_try_again_and_nothing_is_kept() {
    let room = Room::open_on(Server::start_with(&[]).await).await;
    for number in 1..=10 {
        room.candidate.ask("message:post", room.post(&number.to_string())).await;
    }
    let post = room.post("one too many");
    let refused = room.candidate.request("message:post", post.clone()).await;
    assert_eq!(refused["error"]["code"], "rate_limited", "{refused}");
    let wait = refused["error"]["retry_after_ms"].as_u64().unwrap();
    assert!((1..=2_000).contains(&wait), "{wait}");
    let history = room.recruiter.ask("message:history", room.history(&json!({ "limit": 200 }))).await;
    assert_eq!(seqs(&history["messages"]), (1..=10).collect::<Vec<_>>());
    // The wait that was told is long enough: the one place where a time is waited for, as the promise is about time.
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    let posted = room.candidate.ask("message:post", post).await;
    assert_eq!((&posted["duplicate"], &posted["message"]["seq"]), (&json!(false), &json!(11)));
}
