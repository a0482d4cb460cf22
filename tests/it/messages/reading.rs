//! History and read marks.

use serde_json::json;

use super::{Room, seqs};

#[tokio::test(flavor = "multi_thread")]
async fn history_is_read_in_pages_from_both_ends() {
    let room = Room::open().await;
    for number in 1..=7 {
        room.candidate.ask("message:post", room.post(&number.to_string())).await;
    }
    for socket in [&room.candidate, &room.recruiter] {
        let page = async |more| {
            let page = socket.ask("message:history", room.history(&more)).await;
            assert_eq!(page["last_seq"], 7);
            (seqs(&page["messages"]), page["has_more"].as_bool().unwrap())
        };
        assert_eq!(page(json!({ "limit": 3 })).await, (vec![1, 2, 3], true));
        assert_eq!(page(json!({ "after_seq": 3, "limit": 3 })).await, (vec![4, 5, 6], true));
        assert_eq!(page(json!({ "after_seq": 6, "limit": 3 })).await, (vec![7], false));
        assert_eq!(page(json!({ "after_seq": 7 })).await, (vec![], false));
        assert_eq!(page(json!({ "after_seq": 900 })).await, (vec![], false));
        assert_eq!(page(json!({ "before_seq": 8, "limit": 3 })).await, (vec![5, 6, 7], true));
        assert_eq!(page(json!({ "before_seq": 5, "limit": 4 })).await, (vec![1, 2, 3, 4], false));
        assert_eq!(page(json!({ "before_seq": 1 })).await, (vec![], false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_comes_back_misses_nothing() {
    let room = Room::open().await;
    room.candidate.ask("message:post", room.post("1")).await;
    let Room { server, acme, candidate, recruiter } = room;
    drop(candidate);
    let reply = json!({
        "conversation": acme.chat.conversation, "client_id": crate::harness::act::client_id(), "body": "2", "seen_seq": 1,
    });
    recruiter.ask("message:post", reply).await;
    let back = crate::harness::Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
    let ready = back.event("session:ready", |_| true).await;
    let told = json!([{ "id": acme.chat.conversation, "last_seq": 2, "project_status": "open" }]);
    assert_eq!(ready["conversations"], told);
    let missed = back.ask("message:history", json!({ "conversation": acme.chat.conversation, "after_seq": 1 })).await;
    assert_eq!(seqs(&missed["messages"]), [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_mark_never_moves_back() {
    let room = Room::open().await;
    for number in 1..=3 {
        room.recruiter.ask("message:post", room.reply(&number.to_string(), 0)).await;
    }
    let mark = |seq: i64| json!({ "conversation": room.acme.chat.conversation, "seq": seq });
    room.candidate.ask("message:mark_read", mark(2)).await;
    room.recruiter.event("messages:read", |told| told["seq"] == 2).await;
    room.candidate.ask("message:mark_read", mark(1)).await;
    // Beyond the end is the end.
    room.candidate.ask("message:mark_read", mark(900)).await;
    room.recruiter.event("messages:read", |told| told["seq"] == 3).await;
    let told = room.recruiter.heard("messages:read");
    assert_eq!(told.iter().map(|told| told["seq"].as_i64().unwrap()).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(told[0]["reader"]["kind"], "candidate");
    let history = room.recruiter.ask("message:history", room.history(&json!({}))).await;
    let read: Vec<_> = history["messages"].as_array().unwrap().iter().map(|one| one["read_by_other"].clone()).collect();
    assert_eq!(read, [true, true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewers_reading_is_not_told_to_the_candidate() {
    let room = Room::open().await;
    room.candidate.ask("message:post", room.post("Hello")).await;
    let namespace = room.acme.namespace();
    let viewer = crate::harness::Socket::enter_by_cookie(&room.server, &namespace, &room.acme.viewer.cookie()).await;
    let mark = json!({ "conversation": room.acme.chat.conversation, "seq": 1 });
    viewer.ask("message:mark_read", mark.clone()).await;
    room.recruiter.ask("message:mark_read", mark).await;
    room.candidate.event("messages:read", |told| told["reader"]["name"] == "recruiter acme").await;
    assert_eq!(room.candidate.heard("messages:read").len(), 1);
}
