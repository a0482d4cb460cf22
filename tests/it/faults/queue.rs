//! The queue when a holder dies, and when it never ends.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use hearback::{
    app::conversations,
    domain::{conversation::ConversationChange, queue::Priority},
};
use serde_json::json;

use crate::harness::{
    Chat, Hall, Process, Server, Socket, Tenant,
    act::{answer, client_id, next, reply, write},
    proxy::{Line, Proxy},
    wait::{until, within},
};

const LEASE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_holder_had_waits_again_at_its_old_place_and_the_late_reply_is_refused() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let later = acme.add_candidate(server.app(), "later").await;
    write(server.app(), &acme.chat, "First").await;
    write(server.app(), &later, "Second").await;
    let folder = server.stop().await;
    let flags = ["--rate-limits", "off", "--lease-seconds", &LEASE.as_secs().to_string()];
    let process = Process::start(folder.path(), &flags).await;
    let proxy = Proxy::before(&process.url).await;
    let namespace = acme.namespace();
    let holder = Socket::enter_at(&proxy.url, &namespace, json!({ "token": acme.token })).await;
    let cookie = acme.recruiter.cookie();
    let headers = [("cookie", cookie.as_str()), ("origin", process.url.as_str())];
    let colleague = Socket::connect_at(&process.url, &namespace, json!({}), &headers).await.unwrap();

    let claimed = holder.ask("queue:next", json!({})).await;
    let first = json!(acme.chat.conversation);
    assert_eq!(claimed["entry"]["conversation"], first);
    let held = Instant::now();
    proxy.set(Line::Silent);
    let late = json!({
        "conversation": first, "client_id": client_id(), "body": "Too late", "seen_seq": 1,
        "lease": claimed["lease"]["token"],
    });
    let late = holder.send("message:post", &late);
    let line = until("the entry to wait again", || async {
        let overview = colleague.ask("queue:overview", json!({ "limit": 10 })).await;
        (overview["waiting"] == 2).then(|| overview["entries"].clone())
    })
    .await;
    assert!(held.elapsed() < LEASE + Duration::from_secs(5), "{:?}", held.elapsed());
    assert_eq!([&line[0]["conversation"], &line[1]["conversation"]], [&first, &json!(later.conversation)]);
    assert_eq!(line[0]["enqueued_at"], claimed["entry"]["enqueued_at"]);
    assert_eq!(colleague.ask("queue:next", json!({})).await["entry"]["conversation"], first);

    proxy.set(Line::Whole);
    let refused = within("the late answer", late).await.unwrap();
    assert!(["claim_lost", "claimed_by_other"].map(Some).contains(&refused["error"]["code"].as_str()), "{refused}");
    let history = colleague.ask("message:history", json!({ "conversation": first, "limit": 10 })).await;
    assert_eq!(history["last_seq"], 1, "nothing of it is there");
}

#[tokio::test]
async fn urgent_messages_without_end_let_a_low_one_through_when_it_is_due() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let (app, actor) = (&hall.app, &acme.recruiter.actor);
    let set = async |chat: &Chat, priority| {
        let change = ConversationChange { priority: Some(priority), ..ConversationChange::default() };
        conversations::update(app, actor, chat.conversation, change).await.unwrap();
    };
    set(&acme.chat, Priority::Low).await;
    let mut urgent = Vec::new();
    for number in 0..3 {
        let chat = acme.add_candidate(app, &format!("urgent {number}")).await;
        set(&chat, Priority::Urgent).await;
        urgent.push(chat);
    }
    write(app, &acme.chat, "Whenever you can").await;
    let enqueued = hall.clock.now();
    for chat in &urgent {
        write(app, chat, "Now!").await;
    }
    // Whoever is answered writes again at once: an urgent one waits at every moment.
    let step = TimeDelta::minutes(10);
    let waited = loop {
        hall.pass(step);
        let claimed = next(app, actor).await.unwrap().entry;
        let waited = hall.clock.now().since(enqueued);
        if claimed.conversation == acme.chat.conversation {
            break waited;
        }
        assert!(waited <= TimeDelta::hours(24) + step, "it starves");
        let chat = urgent.iter().find(|chat| chat.conversation == claimed.conversation).unwrap();
        answer(app, actor, chat, reply(claimed.last_seq)).await.unwrap();
        write(app, chat, "And another thing!").await;
    };
    assert!(waited > TimeDelta::hours(23), "the urgent ones came first until then: {waited}");
}
