//! The heartbeat travels the whole way, nobody sees it, and it fails where the way is broken.

use std::sync::Arc;

use hearback::{
    app::{admin, heartbeat as beats, queue::depth},
    domain::{
        heartbeat::{Beat, PRIORITIES, Stage},
        queue::Priority,
    },
    monitor::{Monitor, Watch},
    store::Pools,
};
use serde_json::json;

use super::Viewers;
use crate::harness::{
    Browser, Process, Server, Socket, Tenant,
    postgres::Postgres,
    proxy::{Line, Proxy},
    tenant::operators_cookie,
    wait::until,
};

const EACH_SECOND: [&str; 2] = ["--heartbeat-seconds", "1"];

/// The latest of a priority that satisfies, once there is one.
async fn beat(server: &Server, what: &str, priority: Priority, is_it: impl Fn(&Beat) -> bool) -> Beat {
    until(what, || async {
        let latest = beats::latest(server.app(), 2).await.unwrap();
        latest.into_iter().find(|beat| beat.priority == priority && is_it(beat))
    })
    .await
}

async fn whole_ones(server: &Server) {
    for priority in PRIORITIES {
        beat(server, "a whole heartbeat", priority, |beat| beat.total_us.is_some()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_goes_the_whole_way_at_each_priority_and_each_stage_is_timed() {
    let server = Server::start_with(&EACH_SECOND).await;
    the_whole_way_is_gone(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_goes_the_whole_way_on_postgresql_from_each_server() {
    let postgres = Postgres::start();
    let flags = |name| ["--heartbeat-seconds", "1", "--node-name", name, "--database-url"];
    let url = postgres.url();
    let one = Server::start_with(&[&flags("one")[..], &[url.as_str()]].concat()).await;
    let other = Server::start_with(&[&flags("other")[..], &[url.as_str()]].concat()).await;
    the_whole_way_is_gone(&one).await;
    until("heartbeats of both", || async {
        let latest = beats::latest(other.app(), 20).await.unwrap();
        let whole = |node: &str| latest.iter().any(|beat| beat.node == node && beat.total_us.is_some());
        (whole("one") && whole("other")).then_some(())
    })
    .await;
}

async fn the_whole_way_is_gone(server: &Server) {
    for priority in PRIORITIES {
        let beat = beat(server, "a whole heartbeat", priority, |beat| beat.total_us.is_some()).await;
        assert_eq!(beat.failed, None);
        for (stage, took) in beat.stages() {
            assert!(took.is_some_and(|took| took <= beat.total_us.unwrap()), "{stage:?}: {beat:?}");
        }
    }
    let browser = Browser::open(server).await;
    for name in [
        "heartbeat_roundtrip_seconds_count{priority=\"normal\"}",
        "heartbeat_roundtrip_seconds_count{priority=\"low\"}",
        "heartbeat_stage_seconds_count{priority=\"low\",stage=\"fan_out\"}",
        "heartbeat_last_success_timestamp_seconds",
    ] {
        until(name, || async {
            let metrics = browser.get("/metrics").await.text;
            let line = metrics.lines().find(|line| line.starts_with(&format!("hearback_{name} ")))?;
            (!line.ends_with(" 0")).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_person_list_or_number_knows_of_a_heartbeat() {
    let server = Server::start_with(&EACH_SECOND).await;
    let app = server.app();
    let operator = Browser::of(&server, &operators_cookie(app).await).await;
    whole_ones(&server).await;
    let numbers = admin::overview(app).await.unwrap();
    assert_eq!((numbers.organizations.len(), numbers.waiting, numbers.claimed), (0, 0, 0));
    let depth = depth::everywhere(app).await.unwrap();
    assert_eq!((depth.waiting, depth.claimed, depth.last_candidate_message), (0, 0, None));
    let metrics = operator.get("/metrics").await.text;
    for (name, value) in [
        ("messages_posted_total{author=\"candidate\"}", None),
        ("message_ack_seconds_count", Some("0")),
        ("sockets{kind=\"api\"}", None),
        ("sockets{kind=\"heartbeat\"}", Some("1")),
        ("namespaces", Some("1")),
    ] {
        let found = metrics.lines().find_map(|line| line.strip_prefix(&format!("hearback_{name} ")));
        assert_eq!(found.filter(|found| value.is_some() || *found != "0"), value, "{name}");
    }
    let live = server.live();
    let paths: Vec<_> =
        live["namespaces"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/admin"]);
    assert!(!operator.get("/admin").await.text.contains("~heartbeat"));
    let refused = Socket::connect(&server, "/org/~heartbeat", json!({ "token": "A".repeat(43) }), &[]).await;
    assert_eq!(refused.err().as_deref(), Some("Invalid namespace"));
    let made = operator.post("/admin/organizations", &[("slug", "~heartbeat"), ("name", "Mine")]).await;
    assert_eq!(made.status, 400, "no slug that people can choose");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_heartbeat_leaves_does_not_gather() {
    let server = Server::start_with(&EACH_SECOND).await;
    let Pools::Sqlite { readers, .. } = server.app().store.pools() else { panic!("on SQLite") };
    until("four heartbeats", || async { (beats::latest(server.app(), 100).await.unwrap().len() >= 8).then_some(()) })
        .await;
    for (table, most) in [("messages", 4), ("queue_entries", 4), ("projects", 1), ("candidates", 2), ("api_tokens", 1)]
    {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let (count,): (i64,) = sqlx::query_as(sql).fetch_one(readers).await.unwrap();
        assert!(count <= most, "{count} rows in {table}");
    }
}

/// What breaks a stage in the store itself, and what mends it.
const BROKEN: [(Stage, &str); 4] = [
    (
        Stage::Post,
        "CREATE TRIGGER broken BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END",
    ),
    (Stage::Claim, "CREATE TRIGGER broken AFTER INSERT ON queue_entries BEGIN DELETE FROM queue_entries; END"),
    (
        Stage::Claim,
        "CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'claimed' \
         BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END",
    ),
    (
        Stage::Resolve,
        "CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'ended' \
         BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_fails_at_the_stage_that_is_broken_and_beats_again_once_it_is_mended() {
    let server = Server::start_with(&EACH_SECOND).await;
    let mut other = other_connection(&server).await;
    whole_ones(&server).await;
    for (stage, sabotage) in BROKEN {
        sqlx::query(sabotage).execute(&mut other).await.unwrap();
        for priority in PRIORITIES {
            let what = format!("a heartbeat that is stuck: {sabotage}");
            let stuck = beat(&server, &what, priority, |beat| beat.failed == Some(stage)).await;
            assert_eq!(stuck.total_us, None);
            assert!(stuck.stages().skip_while(|(gone, _)| *gone != stage).all(|(_, took)| took.is_none()), "{stuck:?}");
        }
        sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
        whole_ones(&server).await;
    }
    let metrics = Browser::open(&server).await.get("/metrics").await.text;
    assert!(!metrics.contains("hearback_heartbeats_failed_total{stage=\"post\"} 0"), "it is counted");
}

async fn other_connection(server: &Server) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(server.folder().join("hearback.db"));
    sqlx::ConnectOptions::connect(&options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_that_does_not_come_back_over_its_connection_fails_there() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.url()).await;
    let app = server.app();
    let watch = Watch {
        node: "afar".to_owned(),
        id: app.clock.new_id(),
        address: proxy.url.trim_start_matches("http://").parse().unwrap(),
        heartbeat: std::time::Duration::from_secs(1),
        checks: std::time::Duration::from_hours(1),
        backup: None,
    };
    let monitor = Monitor::new(app.clone(), watch, Arc::new(Viewers(Vec::new())), Arc::default());
    let tasks = monitor.start();
    whole_ones(&server).await;
    let stuck_at = async |stage: Stage| {
        until(stage.words(), || async {
            let latest = beats::latest(server.app(), 4).await.unwrap();
            latest.iter().any(|beat| beat.failed == Some(stage)).then_some(())
        })
        .await;
    };
    proxy.set(Line::Silent);
    stuck_at(Stage::FanOut).await;
    proxy.set(Line::Broken);
    stuck_at(Stage::Connect).await;
    proxy.set(Line::Whole);
    whole_ones(&server).await;
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_killed_in_the_middle_of_a_heartbeat_beats_again_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--heartbeat-seconds", "1", "--node-name", "here"];
    let mut process = Process::start(folder.path(), &flags).await;
    let successes = || async {
        let metrics = reqwest::get(format!("{}/metrics", process_url(&process))).await.ok()?.text().await.ok()?;
        let count = metrics
            .lines()
            .find_map(|line| line.strip_prefix("hearback_heartbeat_roundtrip_seconds_count{priority=\"normal\"} "))?;
        (count != "0").then_some(())
    };
    until("a heartbeat", successes).await;
    // As if it had been killed between the claim and the end: what it holds is its own still.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("hearback.db"));
    let mut other: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'ended' BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        .execute(&mut other)
        .await
        .unwrap();
    until("a claim that is kept", || async {
        let metrics = reqwest::get(format!("{}/metrics", process_url(&process))).await.ok()?.text().await.ok()?;
        (!metrics.contains("hearback_heartbeats_failed_total{stage=\"resolve\"} 0")).then_some(())
    })
    .await;
    process.kill();
    sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
    drop(other);
    process.kill_and_spawn();
    process.answers("/livez").await;
    let after = until("a heartbeat after the restart", || async {
        let metrics = reqwest::get(format!("{}/metrics", process_url(&process))).await.ok()?.text().await.ok()?;
        let none = "hearback_heartbeat_roundtrip_seconds_count{priority=\"low\"} 0\n";
        (!metrics.contains(none)).then_some(metrics)
    })
    .await;
    let stuck = after.lines().filter(|line| line.starts_with("hearback_heartbeats_failed_total"));
    assert!(stuck.clone().count() > 0 && stuck.into_iter().all(|line| line.ends_with(" 0")), "none got stuck: {after}");
}

fn process_url(process: &Process) -> &str {
    &process.url
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeats_disturb_nobodys_queue() {
    let server = Server::start_with(&["--heartbeat-seconds", "1", "--rate-limits", "off"]).await;
    let acme = Tenant::create(server.app(), "acme").await;
    crate::harness::act::write(server.app(), &acme.chat, "Hello").await;
    whole_ones(&server).await;
    let depth = depth::everywhere(server.app()).await.unwrap();
    assert_eq!((depth.waiting, depth.claimed), (1, 0));
    let claimed = crate::harness::act::next(server.app(), &acme.recruiter.actor).await.unwrap();
    assert_eq!(claimed.entry.conversation, acme.chat.conversation);
}
