//! Those who come for a moment: they look at something, are refused, or leave in the middle.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::{
    crash::crew::House,
    harness::{Browser, Socket},
};

/// How often each kind came.
#[derive(Clone, Default)]
pub struct Visits(Arc<[AtomicUsize; 4]>);

impl fmt::Display for Visits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [sockets, refused, pages, left] = self.0.each_ref().map(|count| count.load(Ordering::Relaxed));
        write!(f, "{sockets} sockets that came and went, {refused} refused, {pages} pages, {left} left half-way")
    }
}

/// Lets them come, each kind at a pace of its own.
pub fn come(url: &str, house: &House) -> (JoinSet<()>, Visits) {
    let (mut visitors, visits) = (JoinSet::new(), Visits::default());
    let (namespace, url) = (house.acme.namespace(), url.to_owned());
    let chats = house.chats.clone();
    let (here, space) = (url.clone(), namespace.clone());
    visitors.spawn(again(visits.clone(), 0, 150, async move |number| {
        let chat = &chats[number % chats.len()];
        let socket = Socket::enter_at(&here, &space, json!({ "link": chat.link })).await;
        let typing = json!({ "conversation": chat.conversation, "typing": number.is_multiple_of(2) });
        socket.ask("typing:set", typing).await;
        socket.ask("message:history", json!({ "conversation": chat.conversation, "limit": 20 })).await;
        assert_eq!(socket.refused("no:such", json!({})).await, "invalid");
    }));
    let here = url.clone();
    visitors.spawn(again(visits.clone(), 1, 300, async move |number| {
        let token = format!("{number:A>43}");
        let refused = Socket::connect_at(&here, &namespace, json!({ "token": token }), &[]).await;
        assert_eq!(refused.err().as_deref(), Some("Invalid namespace"));
    }));
    let conversations: Vec<_> = house.chats.iter().map(|chat| chat.conversation).collect();
    let (here, cookie) = (url.clone(), house.acme.recruiter.cookie());
    let pages = visits.clone();
    visitors.spawn(async move {
        let browser = Browser::of_at(&here, &cookie).await;
        let look = async move |number: usize| {
            let (path, status) = match number % 5 {
                0 => ("/o/acme".to_owned(), 200),
                1 => (format!("/o/acme/conversations/{}", conversations[number % conversations.len()]), 200),
                2 => (format!("/o/acme/search?q=message+{}", number % 100), 200),
                3 => ("/o/somebody-else".to_owned(), 404),
                _ => ("/account".to_owned(), 200),
            };
            assert_eq!(browser.get(&path).await.status, status, "{path}");
        };
        again(pages, 2, 200, look).await;
    });
    visitors.spawn(again(visits.clone(), 3, 500, async move |number| {
        let begun =
            ["GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: here\r\n\r\n", "GET /sign-in HTTP/1.1\r\n"];
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
        stream.write_all(begun[number % 2].as_bytes()).await.unwrap();
    }));
    (visitors, visits)
}

async fn again(visits: Visits, kind: usize, milliseconds: u64, visit: impl AsyncFn(usize)) {
    let mut pace = interval(Duration::from_millis(milliseconds));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        visit(visits.0[kind].fetch_add(1, Ordering::Relaxed)).await;
    }
}
