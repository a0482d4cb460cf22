//! Opens the database: for a server, which must be the only one on an SQLite file, and for a command.

use anyhow::{Context, anyhow, bail};

use super::lock::Lock;
use crate::{
    clock::Clock,
    config::Common,
    store::{Pools, StoreError, copy, error::RESTORE, fit::require_free, time},
};

/// Opens the database for a server: nobody else serves it, it is up to date, and what an earlier run has left in its log is in
/// its file.
///
/// # Errors
/// As [`open_database`]; and another server runs on it.
pub(super) async fn open_to_serve(common: &Common, clock: &Clock) -> anyhow::Result<(Pools, Option<Lock>)> {
    let mut lock = take_lock(common).await?;
    let pools = open_database(common, lock.as_ref()).await?;
    if let Some(lock) = &mut lock {
        // Where it was not there yet, it was made just now, and no server knows another name of it.
        lock.cover_file()?;
    }
    time::adopt(&pools, clock).await.with_context(|| cannot_be_opened(common))?;
    if let Err(error) = pools.fold_log().await {
        // On a full disk people can still read.
        tracing::warn!(%error, "what an earlier run left in the database's log could not be written into its file");
    }
    Ok((pools, lock))
}

/// On an SQLite file one server runs; `None` for a database that takes several.
async fn take_lock(common: &Common) -> anyhow::Result<Option<Lock>> {
    let Some(file) = copy::file_of(common.database_url().expose())? else { return Ok(None) };
    match Lock::take_soon(&file).await.with_context(|| cannot_be_opened(common))? {
        Some(lock) => Ok(Some(lock)),
        None => bail!("another server runs on {} (setting {})", file.display(), common.database_setting()),
    }
}

/// Opens the database and brings it up to date. `lock` is the one of the server that is starting; without it, a server that
/// runs may be writing, and is waited for.
///
/// # Errors
/// It cannot be reached, is damaged, is held by another program, or was made by a newer Hearback; the words name the setting.
pub async fn open_database(common: &Common, lock: Option<&Lock>) -> anyhow::Result<Pools> {
    let file = copy::file_of(common.database_url().expose())?;
    let server_runs = match &file {
        Some(file) if lock.is_none() => Lock::is_taken(file)?,
        _ => false,
    };
    let opened = async {
        if !server_runs {
            require_free(common.database_url().expose()).await?;
        }
        let pools = Pools::open(common.database_url().expose()).await?;
        pools.require_whole().await?;
        pools.migrate().await?;
        Ok::<_, StoreError>(pools)
    };
    opened.await.map_err(|error| {
        let advice = if error.is_damage() { format!("; {RESTORE}") } else { String::new() };
        anyhow!("{error}{advice}").context(cannot_be_opened(common))
    })
}

fn cannot_be_opened(common: &Common) -> String {
    format!("the database {} (setting {}) cannot be opened", common.database_url(), common.database_setting())
}
