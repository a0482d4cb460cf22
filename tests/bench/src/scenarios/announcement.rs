//! One announcement to 1,000 candidates of a project, again and again: what a delivered copy costs.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    Bench,
    folder::Folder,
    load::connect_all,
    office::Office,
    random::Random,
    report::{Row, Samples, Target},
    socket::{Packet, Socket},
    system::{Stage, System},
};

const CANDIDATES: usize = 1_000;
const WARM_UP: usize = 10;
const SYSTEMS: [System; 3] = [System::Hearback, System::Memory, System::Bare];

/// Measures it.
pub async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let data = Folder::new(&bench.output)?;
    let office = Office::open(data.path(), CANDIDATES).await?;
    let mut cpu_us = Samples::default();
    for _ in 0..bench.rounds {
        for system in bench.of(&SYSTEMS) {
            let folder = data.copy(&bench.output)?;
            let stage = Stage::set(&bench.programs, system, folder.path(), office.clone()).await?;
            let cpu = copies(&stage, bench.measured).await?;
            eprintln!("announcement {}: {cpu:.2} µs a copy", system.name());
            cpu_us.add(system, cpu);
        }
    }
    let target = Target::at_most(1.2, cpu_us.median(System::Hearback), cpu_us.median(System::Bare), "P3");
    let row = Row {
        work: "announcement to 1,000 candidates, all copies arrived".to_owned(),
        figure: "CPU µs a copy",
        samples: cpu_us,
        targets: vec![target],
    };
    Ok(vec![row])
}

/// The CPU time of a copy; an error where one does not arrive.
async fn copies(stage: &Stage, measured: Duration) -> Result<f64> {
    let mut recruiter = stage.recruiter().await?;
    let mut sockets = connect_all(stage).await?;
    let mut random = Random::new(1);
    for _ in 0..WARM_UP {
        sockets = announce(stage, &mut recruiter, sockets, &mut random).await?;
    }
    let (cpu, begun) = (stage.process.cpu()?, std::time::Instant::now());
    let mut announced = 0;
    while begun.elapsed() < measured {
        sockets = announce(stage, &mut recruiter, sockets, &mut random).await?;
        announced += 1;
    }
    let copies = f64::from(announced) * f64::from(u32::try_from(CANDIDATES)?);
    Ok((stage.process.cpu()? - cpu) * 1e6 / copies)
}

/// Announces once and waits until everybody has it.
async fn announce(
    stage: &Stage,
    recruiter: &mut Socket,
    sockets: Vec<Socket>,
    random: &mut Random,
) -> Result<Vec<Socket>> {
    let array = stage.announcement(random);
    // As part of an announcement's text: the id that only this one has.
    let id = array.split("\"client_id\":\"").nth(1).unwrap_or_default()[..36].to_owned();
    let mut readers = JoinSet::new();
    for mut socket in sockets {
        let id = id.clone();
        readers.spawn(async move {
            loop {
                if let Packet::Event(text) = timeout(Duration::from_secs(10), socket.next()).await??
                    && text.contains(&id)
                {
                    return Ok::<_, anyhow::Error>(socket);
                }
            }
        });
    }
    let answer = recruiter.ask(&array).await?;
    ensure!(answer.contains("\"ok\":true"), "refused: {answer}");
    let mut sockets = Vec::with_capacity(CANDIDATES);
    while let Some(socket) = readers.join_next().await {
        sockets.push(socket??);
    }
    Ok(sockets)
}
