//! `check`: is everything as the server will need it?

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use clap::CommandFactory;

use super::{Cli, partial::named};
use crate::{
    config::{Common, Config, url_of},
    domain::zone,
    startup::{self, lock::Lock},
    store::{
        Pools, copy,
        fit::{Fit, require_free},
    },
};

/// Less free space than this is bad.
const FREE_BYTES: u64 = 100 << 20;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let common = &config.common;
    let lines = [
        ("settings", settings(config)),
        ("time zones", startup::time_zones(&config.serving).map(|()| zone::source())),
        ("version", Ok(format!("Hearback {}", env!("CARGO_PKG_VERSION")))),
        ("data folder", data_folder(&common.data_dir)),
        ("disk", disk(&common.data_dir)),
        ("database", database(common).await),
        ("server", server(common)),
    ];
    let mut code = ExitCode::SUCCESS;
    for file in readable_by_others(common) {
        println!("warn database: other users of this machine can read {0}; run `chmod 600 {0}`", file.display());
    }
    for (name, outcome) in lines {
        match outcome {
            Ok(words) => println!("ok   {name}: {words}"),
            Err(error) => {
                println!("bad  {name}: {}", super::causes(&error));
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// Names in the environment that look like settings and are none are slips of the pen.
pub(super) fn unknown_variables() -> Vec<String> {
    let command = Cli::command();
    let serve = command.find_subcommand("serve");
    let args = command.get_arguments().chain(serve.into_iter().flat_map(clap::Command::get_arguments));
    let known: Vec<OsString> = args.filter_map(|arg| arg.get_env().map(OsString::from)).collect();
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_string_lossy().starts_with("HEARBACK_") && !known.contains(name))
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn settings(Config { common, serving }: &Config) -> anyhow::Result<String> {
    let unknown = unknown_variables();
    ensure!(unknown.is_empty(), "the environment has {}, which is no setting", unknown.join(", "));
    let public_url = common.public_url.clone().unwrap_or_else(|| url_of(serving.listen));
    startup::outside(serving, &public_url)?;
    Ok("all fit".to_owned())
}

fn data_folder(folder: &Path) -> anyhow::Result<String> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let probe = folder.join(".check");
    fs::write(&probe, b"ok")
        .and_then(|()| fs::remove_file(&probe))
        .with_context(|| format!("{} cannot be written to", folder.display()))?;
    Ok(format!("{} can be written to", folder.display()))
}

fn disk(folder: &Path) -> anyhow::Result<String> {
    let disk = rustix::fs::statvfs(folder).context("the free space cannot be read")?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    ensure!(free >= FREE_BYTES, "{} MiB are free, fewer than {}", free >> 20, FREE_BYTES >> 20);
    Ok(format!("{} MiB are free", free >> 20))
}

async fn database(common: &Common) -> anyhow::Result<String> {
    let url = common.database_url();
    let file = copy::file_of(url.expose())?;
    if file.as_ref().is_some_and(|file| !file.exists()) {
        return Ok(format!("{url} does not exist yet; the first start makes it"));
    }
    if !matches!(&file, Some(file) if Lock::is_taken(file)?) {
        require_free(url.expose()).await.with_context(|| url.to_string())?;
    }
    let pools = Pools::open(url.expose()).await.with_context(|| url.to_string())?;
    let report = pools.report().await;
    pools.close().await;
    let report = report?;
    if let Some(file) = file {
        copy::require_sound(&file).await.context("restore the last good copy with `hearback restore`")?;
    }
    report.fit.require().with_context(|| url.to_string())?;
    Ok(match report.fit {
        Fit::Older => {
            format!("{url}, {}, to be brought up to date by `hearback migrate` or the next start", report.engine)
        }
        _ => format!("{url}, {}, up to date", report.engine),
    })
}

/// The database's files that more than their owner can read. Hearback makes none such; a copy made by other means may be.
fn readable_by_others(common: &Common) -> Vec<PathBuf> {
    let Ok(Some(file)) = copy::file_of(common.database_url().expose()) else { return Vec::new() };
    let files = ["", "-wal"].map(|ending| named(&file, ending));
    let is_open = |file: &PathBuf| fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o044 != 0);
    files.into_iter().filter(is_open).collect()
}

fn server(common: &Common) -> anyhow::Result<String> {
    let Some(file) = copy::file_of(common.database_url().expose())? else {
        return Ok("any number may run on PostgreSQL".to_owned());
    };
    Ok(if Lock::is_taken(&file)? { "runs" } else { "does not run" }.to_owned())
}
