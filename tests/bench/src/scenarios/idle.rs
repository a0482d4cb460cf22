//! 10,000 candidates connect, each with a credential that is looked up and into its rooms, and then stay and are silent.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout_at},
};

use crate::{
    Bench,
    folder::Folder,
    load::connect_all,
    office::Office,
    report::{Row, Samples, Target},
    socket::Packet,
    system::{Stage, System},
};

const SOCKETS: usize = 10_000;
/// Longer than the servers' ping interval of 25 s, so that everybody has been pinged.
const SILENCE: Duration = Duration::from_secs(30);
/// How much longer than it is measured the silence lasts.
const MARGIN: Duration = Duration::from_millis(500);
const SYSTEMS: [System; 3] = [System::Hearback, System::Memory, System::Bare];

struct Figures {
    connect_us: f64,
    kib: f64,
    idle_ms: f64,
}

/// Measures it.
pub async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let data = Folder::new(&bench.output)?;
    let office = Office::open(data.path(), SOCKETS).await?;
    let (mut connect_us, mut kib, mut idle_ms) = <(Samples, Samples, Samples)>::default();
    for _ in 0..bench.rounds {
        for system in bench.of(&SYSTEMS) {
            let folder = data.copy(&bench.output)?;
            let stage = Stage::set(&bench.programs, system, folder.path(), office.clone()).await?;
            let figures = once(&stage).await?;
            let Figures { connect_us: connect, kib: memory, idle_ms: idle } = figures;
            eprintln!("idle {}: connect {connect:.1} µs, {memory:.1} KiB, idle {idle:.2} ms/s", system.name());
            connect_us.add(system, connect);
            kib.add(system, memory);
            idle_ms.add(system, idle);
        }
    }
    let beside = |limit, samples: &Samples| {
        vec![Target::at_most(limit, samples.median(System::Hearback), samples.median(System::Bare), "P3")]
    };
    let row = |work: &str, figure, samples, targets| Row { work: work.to_owned(), figure, samples, targets };
    let (connecting, idle) = (beside(2.0, &connect_us), beside(1.2, &idle_ms));
    let memory = vec![Target::below(16.0, kib.median(System::Hearback))];
    Ok(vec![
        row("10,000 idle sockets", "KiB a socket", kib, memory),
        row("10,000 idle sockets", "CPU ms a second", idle_ms, idle),
        row("connecting, with authentication and rooms", "CPU µs a connection", connect_us, connecting),
    ])
}

async fn once(stage: &Stage) -> Result<Figures> {
    #[expect(clippy::cast_precision_loss, reason = "ten thousand")]
    let count = SOCKETS as f64;
    let (memory, cpu) = (stage.process.memory_kib()?, stage.process.cpu()?);
    let sockets = connect_all(stage).await?;
    let connect_us = (stage.process.cpu()? - cpu) * 1e6 / count;
    ensure!(sockets.len() == SOCKETS, "not everybody came in");
    // Everybody answers pings; what happens right after connecting is over before the silence is measured.
    let settled = Instant::now() + Duration::from_secs(3);
    let end = settled + SILENCE + MARGIN;
    let mut listeners = JoinSet::new();
    for mut socket in sockets {
        listeners.spawn(async move {
            while let Ok(said) = timeout_at(end, socket.next()).await {
                let Packet::Event(_) = said? else { anyhow::bail!("an answer that nobody asked for") };
            }
            Ok(socket)
        });
    }
    tokio::time::sleep_until(settled).await;
    let cpu = stage.process.cpu()?;
    sleep(SILENCE).await;
    let idle_ms = (stage.process.cpu()? - cpu) * 1e3 / SILENCE.as_secs_f64();
    let kib = (stage.process.memory_kib()? - memory) / count;
    while let Some(socket) = listeners.join_next().await {
        socket??;
    }
    Ok(Figures { connect_us, kib, idle_ms })
}
