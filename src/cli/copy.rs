//! `migrate`, `backup` and `restore`: what is done with a database as a whole.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use crate::{
    clock::Clock,
    config::Common,
    startup::lock::Lock,
    store::{Pools, copy},
};

pub(super) async fn migrate(common: &Common) -> anyhow::Result<()> {
    let pools = Pools::open(common.database_url().expose()).await?;
    pools.migrate().await?;
    println!("The database {} is up to date.", common.database_url());
    pools.close().await;
    Ok(())
}

pub(super) async fn backup(common: &Common, target: &Path) -> anyhow::Result<()> {
    let database = sqlite_file(common, "pg_dump")?;
    ensure!(database.exists(), "there is no database {}", database.display());
    ensure!(!target.exists(), "{} exists already", target.display());
    let partial = beside(target, "partial");
    remove_if_there(&partial)?;
    copy::copy_into(&database, &partial).await?;
    copy::require_sound(&partial).await?;
    put_in_place(&partial, target)?;
    println!("The copy is {}.", target.display());
    Ok(())
}

pub(super) async fn restore(common: &Common, source: &Path, replace: bool) -> anyhow::Result<()> {
    let database = sqlite_file(common, "pg_restore")?;
    ensure!(source.exists(), "there is no file {}", source.display());
    copy::require_sound(source).await?;
    // Held until the end, so that no server starts half-way.
    let Some(_lock) = Lock::take(&database)? else {
        bail!("a server runs on {}; stop it first", database.display());
    };
    let there = database.exists();
    ensure!(
        !there || replace,
        "{} exists; with --replace it is put aside and the copy takes its place",
        database.display()
    );
    let partial = beside(&database, "partial");
    remove_if_there(&partial)?;
    copy::copy_into(source, &partial).await?;
    copy::require_sound(&partial).await?;
    if there {
        let aside = beside(&database, &format!("before-{}", Clock::system().now().unix_millis()));
        // A copy that has taken in the log, rather than the file and its log.
        copy::copy_into(&database, &aside).await?;
        sync(&aside)?;
        println!("The database that was there is {}.", aside.display());
    }
    for log in ["-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(log);
        remove_if_there(&PathBuf::from(name))?;
    }
    put_in_place(&partial, &database)?;
    println!("The database {} is restored.", database.display());
    Ok(())
}

fn sqlite_file(common: &Common, instead: &str) -> anyhow::Result<PathBuf> {
    copy::file_of(common.database_url().expose())?
        .with_context(|| format!("this is for SQLite; for PostgreSQL use {instead}"))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn remove_if_there(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", file.display()))
        }
        _ => Ok(()),
    }
}

/// Makes a file durable and gives it its name, which then is durable too.
fn put_in_place(partial: &Path, target: &Path) -> anyhow::Result<()> {
    sync(partial)?;
    std::fs::rename(partial, target).with_context(|| format!("{} cannot be written", target.display()))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder)
}

fn sync(path: &Path) -> anyhow::Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("{} cannot be made durable", path.display()))
}
