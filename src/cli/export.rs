//! `export`: everything of one organization, as JSON Lines in a ZIP archive.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, ensure};
use serde_json::{Map, Value};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    beside::{self, refusal},
    partial::Partial,
};
use crate::{
    app::organizations,
    config::Config,
    domain::access::Operator,
    store::export::{self, Sink},
};

pub(super) async fn run(config: &Config, slug: &str, target: &Path) -> anyhow::Result<()> {
    ensure!(!target.exists(), "{} exists already", target.display());
    let beside = beside::open(config).await?;
    let organization = organizations::find_by_slug(&beside.app, slug)
        .await
        .map_err(refusal)
        .with_context(|| format!("the organization {slug:?} cannot be exported"))?;
    let partial = Partial::of(target)?;
    let file = File::create(partial.path()).with_context(|| format!("{} cannot be written", target.display()))?;
    let mut archive = Archive(ZipWriter::new(file));
    {
        let mut conn = beside.app.store.read().await?;
        export::export(&mut conn, organization.id, &mut archive).await?;
    }
    archive.0.finish().with_context(|| format!("{} cannot be written", target.display()))?;
    organizations::exported(&beside.app, Operator::command_line(), &organization)
        .await
        .map_err(refusal)
        .context("the export cannot be written down in the audit log")?;
    partial.put_in_place()?;
    println!("Everything of {slug} is in {}.", target.display());
    beside.close().await
}

struct Archive(ZipWriter<File>);

impl Sink for Archive {
    fn table(&mut self, name: &str) -> io::Result<()> {
        // The largest may go beyond four gigabytes.
        let options = SimpleFileOptions::default().large_file(true);
        self.0.start_file(format!("{name}.jsonl"), options).map_err(io::Error::other)
    }

    fn row(&mut self, row: Map<String, Value>) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, &row)?;
        self.0.write_all(b"\n")
    }
}
