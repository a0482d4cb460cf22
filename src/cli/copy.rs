//! `migrate`, `backup` and `restore`: what is done with a database as a whole.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use super::{
    beside,
    partial::{Partial, named, remove_if_there, sync},
};
use crate::{
    app::backups,
    clock::Clock,
    config::{Common, Config},
    startup::{self, lock::Lock},
    store::{
        Pools, copy,
        fit::{Fit, require_free},
    },
};

pub(super) async fn migrate(common: &Common) -> anyhow::Result<()> {
    let pools = startup::open_database(common, None).await?;
    println!("The database {} is up to date.", common.database_url());
    pools.close().await;
    Ok(())
}

pub(super) async fn backup(config: &Config, target: &Path) -> anyhow::Result<()> {
    let common = &config.common;
    let database = sqlite_file(common, "pg_dump")?;
    ensure!(database.exists(), "there is no database {}", database.display());
    ensure!(!target.exists(), "{} exists already", target.display());
    if !Lock::is_taken(&database)? {
        require_free(common.database_url().expose()).await.with_context(|| database.display().to_string())?;
    }
    let partial = Partial::of(target)?;
    copy::copy_into(&database, partial.path())
        .await
        .with_context(|| format!("{} cannot be copied to {}", database.display(), target.display()))?;
    copy::require_sound(partial.path()).await?;
    partial.put_in_place()?;
    keep_that_it_was_made(config, target).await;
    println!("The copy is {}.", target.display());
    Ok(())
}

/// For whoever watches how old the last copy is. A database that takes no writes has its copy all the same.
async fn keep_that_it_was_made(config: &Config, copy: &Path) {
    let bytes = copy.metadata().map_or(0, |about| i64::try_from(about.len()).unwrap_or(i64::MAX));
    let kept = async {
        // A newer program brings no database of a running server up to date by making a copy of it.
        let pools = Pools::open(config.common.database_url().expose()).await?;
        let report = pools.report().await?;
        pools.close().await;
        if report.fit != Fit::Same {
            return Ok(());
        }
        let beside = beside::open(config).await?;
        let kept = backups::made(&beside.app, bytes).await.map_err(beside::refusal);
        beside.close().await?;
        kept
    };
    if let Err(error) = kept.await {
        tracing::warn!(%error, "that a copy was made could not be kept in the database");
    }
}

pub(super) async fn restore(common: &Common, source: &Path) -> anyhow::Result<()> {
    let database = sqlite_file(common, "pg_restore")?;
    ensure!(source.exists(), "there is no file {}", source.display());
    copy::require_sound(source).await?;
    // Held until the end, so that no server starts half-way.
    let Some(_lock) = Lock::take(&database)? else {
        bail!("a server runs on {}; stop it first", database.display());
    };
    require_free(common.database_url().expose()).await.with_context(|| database.display().to_string())?;
    let partial = Partial::of(&database)?;
    copy::copy_into(source, partial.path())
        .await
        .with_context(|| format!("{} cannot be copied to {}", source.display(), database.display()))?;
    copy::require_sound(partial.path()).await?;
    if database.exists() {
        let aside = put_aside(&database).await?;
        println!("The database that was there is {}.", aside.display());
    }
    // The log of the database that was there is not the new one's.
    for log in LOGS {
        remove_if_there(&named(&database, log))?;
    }
    partial.put_in_place()?;
    println!("The database {} is restored.", database.display());
    Ok(())
}

/// What SQLite writes beside a database.
const LOGS: [&str; 2] = ["-wal", "-shm"];

/// Keeps a database under another name: a copy that has taken in its log, or, where it cannot be read, all of it as it is.
async fn put_aside(database: &Path) -> anyhow::Result<PathBuf> {
    let aside = named(database, &format!(".before-{}", Clock::system().now().unix_millis()));
    if let Err(error) = copy::copy_into(database, &aside).await {
        tracing::warn!(%error, "the database that is there cannot be read; its files are kept as they are");
        remove_if_there(&aside)?;
        let files = [""].iter().chain(&LOGS).map(|ending| (named(database, ending), named(&aside, ending)));
        for (from, to) in files.filter(|(from, _)| from.exists()) {
            // A copy would get the rights of the file that it is a copy of.
            File::open(&from)
                .and_then(|mut from| io::copy(&mut from, &mut File::create(&to)?))
                .with_context(|| format!("{} cannot be kept", from.display()))?;
            sync(&to)?;
        }
        return Ok(aside);
    }
    sync(&aside)?;
    Ok(aside)
}

fn sqlite_file(common: &Common, instead: &str) -> anyhow::Result<PathBuf> {
    copy::file_of(common.database_url().expose())?
        .with_context(|| format!("this is for SQLite; for PostgreSQL use {instead}"))
}
