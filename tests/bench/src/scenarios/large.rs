//! What people wait for, with 1,000, 10,000 and 100,000 conversations of ten messages each; and a start on the largest.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use hearback::clock::Clock;
use serde_json::{Value, json};

use crate::{
    Bench, archive,
    folder::Folder,
    http,
    office::{Desk, SLUG},
    report::{Row, Samples, Target, median},
    socket::Socket,
    system::{System, serve},
};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// How often each is asked for; the first few times do not count.
const TIMES: usize = 40;
const WARM_UP: usize = 5;

/// What is waited for, how much longer it may take with a hundred times as much, and in how many milliseconds it must be
/// there.
const WORKS: [(&str, f64, Option<f64>); 6] = [
    ("dashboard page", 1.5, Some(5.0)),
    ("queue:next", 1.5, None),
    ("history page", 1.5, None),
    ("message:history", 1.5, None),
    ("search, a rare word", 3.0, None),
    ("search, a common word", 3.0, None),
];

/// Measures pages and requests.
pub async fn pages(bench: &Bench) -> Result<Vec<Row>> {
    let mut medians: Vec<[f64; WORKS.len()]> = Vec::new();
    for size in SIZES {
        let archive = archive::with(&bench.output, size).await?;
        let mut rounds = Vec::new();
        for _ in 0..bench.rounds {
            let folder = copy(&archive, &bench.output)?;
            rounds.push(look(bench, folder.path()).await?);
        }
        let of = |work: usize| median(&rounds.iter().map(|round| round[work]).collect::<Vec<_>>());
        let figures = std::array::from_fn(of);
        eprintln!("{size} conversations: {figures:.2?} ms");
        medians.push(figures);
    }
    let mut rows = Vec::new();
    for (work, (name, limit, within)) in WORKS.into_iter().enumerate() {
        for (size, figures) in SIZES.into_iter().zip(&medians) {
            let mut samples = Samples::default();
            samples.add(System::Hearback, figures[work]);
            let mut targets = Vec::new();
            if size == SIZES[2] {
                targets.push(Target::at_most(limit, figures[work], medians[0][work], "with 1,000"));
                targets.extend(within.map(|within| Target::below(within, figures[work])));
            }
            rows.push(Row { work: format!("{name}, {size} conversations"), figure: "ms", samples, targets });
        }
    }
    Ok(rows)
}

/// Measures the start.
pub async fn start(bench: &Bench) -> Result<Vec<Row>> {
    let archive = archive::with(&bench.output, SIZES[2]).await?;
    let folder = copy(&archive, &bench.output)?;
    let desk = Desk::open(folder.path(), Clock::system()).await?;
    archive::add_organizations(&desk, 1_000).await?;
    desk.close().await?;
    let (mut seconds, mut mebibytes) = <(Samples, Samples)>::default();
    for _ in 0..bench.rounds {
        let process = serve(&bench.programs, folder.path()).await?;
        seconds.add(System::Hearback, process.start.as_secs_f64());
        tokio::time::sleep(Duration::from_secs(1)).await;
        mebibytes.add(System::Hearback, process.memory_kib()? / 1024.0);
    }
    let work = "start with 100,000 conversations and 1,000 organizations";
    let row = |figure, samples: Samples, limit| {
        let targets = vec![Target::below(limit, samples.median(System::Hearback))];
        Row { work: work.to_owned(), figure, samples, targets }
    };
    Ok(vec![row("s until ready", seconds, 2.0), row("MiB of memory", mebibytes, 150.0)])
}

fn copy(archive: &Path, output: &Path) -> Result<Folder> {
    let folder = Folder::new(output)?;
    fs::copy(archive.join("hearback.db"), folder.path().join("hearback.db"))?;
    Ok(folder)
}

/// The median of each work, in milliseconds.
async fn look(bench: &Bench, folder: &Path) -> Result<[f64; WORKS.len()]> {
    let desk = Desk::open(folder, Clock::system()).await?;
    let cookie = desk.cookie().await?;
    let token = desk.recruiting_token().await?;
    desk.close().await?;
    let process = serve(&bench.programs, folder).await?;
    let port = process.port;
    let mut socket = connect(port, &token).await?;
    let entries = socket.ask_json("queue:overview", &json!({ "limit": TIMES })).await?;
    let conversations: Vec<Value> = entries["entries"]
        .as_array()
        .context("no entries")?
        .iter()
        .map(|entry| entry["conversation"].clone())
        .collect();
    ensure!(conversations.len() == TIMES, "too few entries");
    let page = |path: String| {
        let cookie = cookie.clone();
        async move { see(port, &path, &cookie).await }
    };
    let one = |number: usize| conversations[number].as_str().unwrap_or_default().to_owned();

    let dashboard = timed(async |_| page(format!("/o/{SLUG}")).await).await?;
    let history_page = timed(async |number| page(format!("/o/{SLUG}/conversations/{}", one(number))).await).await?;
    let rare = timed(async |_| page(format!("/o/{SLUG}/search?q={}", archive::RARE_WORD)).await).await?;
    let common = timed(async |_| page(format!("/o/{SLUG}/search?q={}", archive::COMMON_WORD)).await).await?;
    // Anew: nobody has answered the pings of the one before while pages were looked at.
    let mut socket = connect(port, &token).await?;
    let (mut history, mut next) = (Vec::new(), Vec::new());
    for conversation in &conversations {
        let payload = json!({ "conversation": conversation, "limit": 50 });
        let (answer, took) = asked(&mut socket, "message:history", &payload).await?;
        ensure!(answer["messages"].as_array().is_some_and(|messages| messages.len() == 10), "not all messages");
        history.push(took);
        let (answer, took) = asked(&mut socket, "queue:next", &json!({})).await?;
        ensure!(!answer["entry"].is_null(), "an empty queue");
        next.push(took);
    }
    Ok([dashboard, median(&next[WARM_UP..]), history_page, median(&history[WARM_UP..]), rare, common])
}

async fn connect(port: u16, token: &str) -> Result<Socket> {
    let mut socket = Socket::connect(port, &format!("/org/{SLUG}"), &json!({ "token": token })).await?;
    socket.next().await?;
    Ok(socket)
}

async fn asked(socket: &mut Socket, event: &str, payload: &Value) -> Result<(Value, f64)> {
    let begun = Instant::now();
    let answer = socket.ask_json(event, payload).await?;
    Ok((answer, begun.elapsed().as_secs_f64() * 1e3))
}

async fn see(port: u16, path: &str, cookie: &str) -> Result<()> {
    let answer = http::get(port, path, Some(cookie)).await?;
    ensure!(answer.status == 200 && answer.body.len() > 1_000, "{path}: {}", answer.status);
    Ok(())
}

/// The median of what it takes, in milliseconds.
async fn timed(work: impl AsyncFn(usize) -> Result<()>) -> Result<f64> {
    let mut took = Vec::new();
    for number in 0..TIMES {
        let begun = Instant::now();
        work(number).await?;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(&took[WARM_UP..]))
}
