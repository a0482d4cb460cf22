//! Candidates write 200 bytes at a time; a recruiter listens. Hearback commits the message with its queue entry before it
//! answers, P1 its row; P2 and P3 store nothing.

use std::time::Duration;

use anyhow::Result;

use crate::{
    Bench,
    folder::Folder,
    load::{self, Pace, Posting},
    office::Office,
    report::{Row, Samples, Target, median},
    system::{Stage, System},
};

const EVERYBODY: [System; 4] = [System::Hearback, System::Tutorial, System::Memory, System::Bare];
const WARM_UP: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Figures {
    cpu_us: Samples,
    rate: Samples,
    p50_ms: Samples,
    p99_ms: Samples,
}

impl Figures {
    fn add(&mut self, system: System, posting: &Posting) {
        self.cpu_us.add(system, posting.cpu_us);
        self.rate.add(system, posting.rate);
        self.p50_ms.add(system, posting.p50_ms);
        self.p99_ms.add(system, posting.p99_ms);
    }

    fn rows(self, work: &str, cpu: Vec<Target>, rate: Vec<Target>, p50: Vec<Target>, p99: Vec<Target>) -> Vec<Row> {
        let row = |figure, samples, targets| Row { work: work.to_owned(), figure, samples, targets };
        vec![
            row("CPU µs a message", self.cpu_us, cpu),
            row("messages a second", self.rate, rate),
            row("ack p50 ms", self.p50_ms, p50),
            row("ack p99 ms", self.p99_ms, p99),
        ]
    }
}

/// Starts a server on a copy of the data and measures it once.
async fn once(bench: &Bench, system: System, (data, office): &(Folder, Office), pace: Pace) -> Result<Posting> {
    let folder = data.copy(&bench.output)?;
    let stage = Stage::set(&bench.programs, system, folder.path(), office.clone()).await?;
    let posting = load::post(&stage, pace, WARM_UP, bench.measured).await?;
    eprintln!("{pace:?} {} × {}: {posting:?}", system.name(), office.chats.len());
    Ok(posting)
}

async fn data(bench: &Bench, candidates: usize) -> Result<(Folder, Office)> {
    let folder = Folder::new(&bench.output)?;
    let office = Office::open(folder.path(), candidates).await?;
    Ok((folder, office))
}

async fn in_turns(bench: &Bench, pace: Pace) -> Result<Figures> {
    let data = data(bench, 200).await?;
    let mut figures = Figures::default();
    for _ in 0..bench.rounds {
        for system in bench.of(&EVERYBODY) {
            figures.add(system, &once(bench, system, &data, pace).await?);
        }
    }
    Ok(figures)
}

/// As fast as they are answered.
pub async fn saturation(bench: &Bench) -> Result<Vec<Row>> {
    let figures = in_turns(bench, Pace::Saturated).await?;
    let (own, p1, p2) = (System::Hearback, System::Tutorial, System::Memory);
    let (cpu, rate, p99) = (&figures.cpu_us, &figures.rate, &figures.p99_ms);
    let cpu = vec![
        Target::at_most(0.125, cpu.median(own), cpu.median(p1), "P1"),
        Target::at_most(1.0, cpu.median(own), cpu.median(p2), "P2"),
    ];
    let rate = vec![Target::at_least(10.0, rate.median(own), rate.median(p1), "P1")];
    let p99 = vec![Target::at_most(1.0, p99.median(own), p99.median(p1), "P1")];
    Ok(figures.rows("200 conversations, saturated", cpu, rate, Vec::new(), p99))
}

/// At a rate that everybody can keep.
pub async fn paced(bench: &Bench) -> Result<Vec<Row>> {
    let figures = in_turns(bench, Pace::PerSecond(400.0)).await?;
    let (cpu, p50) = (&figures.cpu_us, &figures.p50_ms);
    let cpu = vec![Target::at_most(1.0 / 3.0, cpu.median(System::Hearback), cpu.median(System::Tutorial), "P1")];
    let p50 = vec![Target::at_most(2.0, p50.median(System::Hearback), bench.fsync_ms, "fsync")];
    Ok(figures.rows("200 conversations, 400 messages/s", cpu, Vec::new(), p50, Vec::new()))
}

/// Ten times as many, measured beside as many as before.
pub async fn many(bench: &Bench) -> Result<Vec<Row>> {
    let (few, many) = (data(bench, 200).await?, data(bench, 2_000).await?);
    let (mut figures, mut base) = (Figures::default(), Vec::new());
    for _ in 0..bench.rounds {
        base.push(once(bench, System::Hearback, &few, Pace::Saturated).await?.cpu_us);
        figures.add(System::Hearback, &once(bench, System::Hearback, &many, Pace::Saturated).await?);
    }
    let cpu = figures.cpu_us.median(System::Hearback);
    let target = Target::at_most(1.3, cpu, median(&base), "the same with 200");
    Ok(figures.rows("2,000 conversations, saturated", vec![target], Vec::new(), Vec::new(), Vec::new()))
}
