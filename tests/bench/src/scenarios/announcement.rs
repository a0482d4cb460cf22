//! One announcement to 1,000 candidates of a project, again and again: what a delivered copy costs.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    Bench,
    folder::Folder,
    load::{Awake, connect_all},
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
    let (mut asleep, mut awake) = (Samples::default(), Samples::default());
    for _ in 0..bench.rounds {
        for system in bench.of(&SYSTEMS) {
            let folder = data.copy(&bench.output)?;
            let stage = Stage::set(&bench.programs, system, folder.path(), office.clone()).await?;
            let mut audience = Audience::gather(stage).await?;
            for _ in 0..WARM_UP {
                audience.hears().await?;
            }
            let mut cpu = audience.copies(bench.measured).await?;
            eprintln!("announcement {}: {cpu:.2} µs a copy", system.name());
            asleep.add(system, cpu);
            let _awake = Awake::keep();
            cpu = audience.copies(bench.measured).await?;
            eprintln!("announcement {}, clients awake: {cpu:.2} µs a copy", system.name());
            awake.add(system, cpu);
        }
    }
    let row = |when: &str, samples: Samples| Row {
        work: format!("announcement to 1,000 candidates, all copies arrived{when}"),
        figure: "CPU µs a copy",
        targets: vec![Target::at_most(1.2, samples.median(System::Hearback), samples.median(System::Bare), "P3")],
        samples,
    };
    Ok(vec![row("", asleep), row(", by clients who never sleep", awake)])
}

/// Who announces, and who hears it.
struct Audience {
    stage: Stage,
    recruiter: Socket,
    sockets: Vec<Socket>,
    random: Random,
}

impl Audience {
    async fn gather(stage: Stage) -> Result<Self> {
        let (recruiter, sockets) = (stage.recruiter().await?, connect_all(&stage).await?);
        Ok(Self { stage, recruiter, sockets, random: Random::new(1) })
    }

    /// The CPU time of a copy; an error where one does not arrive.
    async fn copies(&mut self, measured: Duration) -> Result<f64> {
        let (cpu, begun) = (self.stage.process.cpu()?, std::time::Instant::now());
        let mut announced = 0;
        while begun.elapsed() < measured {
            self.hears().await?;
            announced += 1;
        }
        let copies = f64::from(announced) * f64::from(u32::try_from(CANDIDATES)?);
        Ok((self.stage.process.cpu()? - cpu) * 1e6 / copies)
    }

    /// Announces once and waits until everybody has it.
    async fn hears(&mut self) -> Result<()> {
        let array = self.stage.announcement(&mut self.random);
        // As part of an announcement's text: the id that only this one has.
        let id = array.split("\"client_id\":\"").nth(1).unwrap_or_default()[..36].to_owned();
        let mut readers = JoinSet::new();
        for mut socket in self.sockets.drain(..) {
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
        let answer = self.recruiter.ask(&array).await?;
        ensure!(answer.contains("\"ok\":true"), "refused: {answer}");
        while let Some(socket) = readers.join_next().await {
            self.sockets.push(socket??);
        }
        Ok(())
    }
}
