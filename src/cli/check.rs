//! `check`: is everything as the server will need it?

use std::{ffi::OsString, fs, path::Path, process::ExitCode};

use anyhow::{Context, ensure};
use clap::CommandFactory;

use super::Cli;
use crate::{
    config::{Common, Config, url_of},
    domain::zone,
    startup::{self, lock::Lock},
    store::{Pools, copy},
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
    let pools = Pools::open(url.expose()).await.with_context(|| url.to_string())?;
    let report = pools.report().await;
    pools.close().await;
    let report = report?;
    if let Some(file) = file {
        copy::require_sound(&file).await.context("restore the last good copy with `hearback restore`")?;
    }
    match report.applied {
        Some(applied) if applied > report.known => {
            anyhow::bail!("{url} was made by a newer Hearback than this one")
        }
        Some(applied) if applied == report.known => Ok(format!("{url}, {}, up to date", report.engine)),
        _ => Ok(format!("{url}, {}, to be brought up to date by `hearback migrate` or the next start", report.engine)),
    }
}

fn server(common: &Common) -> anyhow::Result<String> {
    let Some(file) = copy::file_of(common.database_url().expose())? else {
        return Ok("any number may run on PostgreSQL".to_owned());
    };
    Ok(if Lock::is_taken(&file)? { "runs" } else { "does not run" }.to_owned())
}
