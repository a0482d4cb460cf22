//! Builds everything once, in order, and stops it in reverse.

mod database;
pub mod descriptors;
mod impatient;
pub mod lock;
mod outside;
mod patient;
mod serve;
pub mod systemd;
mod upkeep;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use futures::future::join_all;
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use self::database::open_database;
use self::lock::Lock;
pub(crate) use self::outside::outside;
use crate::{
    app::{App, Settings, jobs::bound_leases, limits::Limits, nodes, queue},
    bus::Bus,
    clock::Clock,
    config::{Config, Hidden, Serving, Switch, url_of},
    demo::{self, Guide},
    domain::{ids::NodeId, time::Timestamp, zone},
    jobs::{Rhythm, Runner},
    monitor::{Monitor, Watch},
    realtime::{self, Realtime},
    store::{Pools, Store, copy},
    telemetry::Metrics,
    web::{self, WebState},
};

/// How many bytes that were sent and not yet taken the kernel keeps for one connection (it counts its own upkeep, too, and
/// doubles this). Left to itself it keeps 4 MiB for one that was fast once; this is enough for 5 MB/s around the world.
const SEND_BUFFER: u32 = 256 << 10;

/// How long connections and jobs may take to finish once the server stops.
const FINISH: Duration = Duration::from_secs(4);

/// How long what waits to be written may take after that.
const WRITE: Duration = Duration::from_millis(1_500);

/// How long keeping that it stops may take.
const NOTE: Duration = Duration::from_millis(500);

/// A running server. Dropping it leaves it running; [`Running::stop`] ends it.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What doors and commands work with.
    pub app: App,
    /// How to enter the example organization, where there is one.
    pub guide: Option<Guide>,
    state: WebState,
    monitor: Arc<Monitor>,
    realtime: Realtime,
    stopping: CancellationToken,
    serving: JoinHandle<()>,
    runner: Runner,
    watching: Vec<JoinHandle<()>>,
    tasks: Vec<JoinHandle<()>>,
    writer: JoinHandle<()>,
    pools: Pools,
    _lock: Option<Lock>,
}

/// Starts a server; when this returns, it takes connections.
///
/// # Errors
/// The database cannot be used, another server runs on it, the address is taken.
pub async fn start(config: &Config, clock: Clock) -> anyhow::Result<Running> {
    let (pools, lock) = database::open_to_serve(&config.common, &clock).await?;

    let listener = listen(config.serving.listen)
        .with_context(|| format!("the address {} of the setting listen cannot be used", config.serving.listen))?;
    let address = listener.local_addr()?;
    let public_url = config.common.public_url.clone().unwrap_or_else(|| url_of(address));

    let settings = settings(config, public_url)?;
    let outside = Arc::new(outside(&config.serving, &settings.public_url)?);
    let (guide, is_made) = example(config, &pools, &settings, clock.now()).await?;
    let (bus, mut tasks) = Bus::open(&pools, clock.new_id()).await?;
    let metrics = Arc::<Metrics>::default();
    let (store, writer) = Store::start(pools.clone(), clock.clone(), bus.announcing(), Arc::clone(&metrics));
    tasks.extend(bus.watch_commands(&store).await?);
    let app = App {
        store,
        clock,
        limits: Limits::new(config.serving.rate_limits == Switch::On).into(),
        settings: settings.into(),
        metrics,
    };
    let rhythm = Rhythm::default();
    look_after_leases(&app, rhythm, !is_made).await;
    let node = bus.node();
    let (sockets, realtime) = realtime::build(app.clone(), bus).await?;
    let watch = watch(&config.serving, node, address);
    let monitor = Monitor::new(app.clone(), watch, realtime.live_side(), Arc::clone(&outside));
    let proxies = config.serving.trusted_proxies.clone();
    let state =
        WebState::new(Arc::clone(&monitor), move |address| proxies.iter().any(|network| network.contains(address)))
            .with_asyncapi(realtime::asyncapi::document(&app.settings.public_url))
            .with_metrics_token(config.serving.metrics_token.as_ref().map(Hidden::expose))
            .with_settings(config.shown());
    let stopping = CancellationToken::new();
    let router = web::handshake::around(web::router(state.clone()).layer(sockets), &state);
    let serving = tokio::spawn(serve::run(listener, router, realtime.turns(), serve::PATIENCE, stopping.clone()));
    tasks.extend([tokio::spawn(upkeep::run(app.clone())), tokio::spawn(upkeep::purge(app.clone()))]);
    let watching = monitor.start();
    tasks.push(tokio::spawn(systemd::watchdog()));
    let runner = Runner::start(&app, &outside, rhythm);
    Ok(Running {
        address,
        app,
        guide,
        state,
        monitor,
        realtime,
        stopping,
        serving,
        runner,
        watching,
        tasks,
        writer,
        pools,
        _lock: lock,
    })
}

/// Takes the time zones from the folder that the settings name, where they name one.
///
/// # Errors
/// There are no time zones in it.
pub(crate) fn time_zones(serving: &Serving) -> anyhow::Result<()> {
    let Some(folder) = &serving.tzdb_dir else { return Ok(()) };
    zone::use_folder(folder).context("the setting tzdb_dir cannot be used")
}

/// What an earlier run held; `in_queue` unless the queue holds only what the example has just claimed. A store that takes
/// nothing at the moment is read all the same; the leases then run as they were given.
async fn look_after_leases(app: &App, rhythm: Rhythm, in_queue: bool) {
    if in_queue && let Err(problem) = queue::bound_leases(app).await {
        tracing::warn!(%problem, cause = problem.cause(), "leases of an earlier run were not looked after");
    }
    if let Err(problem) = bound_leases(app, rhythm.lease).await {
        tracing::warn!(%problem, cause = problem.cause(), "jobs of an earlier run are taken again only once their leases end");
    }
}

/// Listens; whoever never reads what is said costs the kernel no more than [`SEND_BUFFER`].
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // Connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(1_024)
}

impl Running {
    /// What is live on this node: namespaces, their sockets and rooms.
    #[must_use]
    pub fn live(&self) -> serde_json::Value {
        self.realtime.overview()
    }

    /// Takes nothing new, tells the sockets, finishes what is being written, closes the database. Takes at most ten
    /// seconds.
    pub async fn stop(self) {
        let Self { app, state, monitor, realtime, stopping, serving, runner, watching, tasks, writer, pools, .. } =
            self;
        // First, so that no heartbeat gets stuck in what follows.
        watching.iter().for_each(JoinHandle::abort);
        runner.drain();
        state.drain();
        // Before connections are closed, so that sockets learn why.
        realtime.drain().await;
        stopping.cancel();
        let (served, ()) = tokio::join!(timeout(FINISH, serving), runner.stop(FINISH));
        if served.is_err() {
            tracing::warn!("some requests did not finish in time");
        }
        tasks.iter().for_each(JoinHandle::abort);
        let Watch { node, id, .. } = &monitor.watch;
        if !matches!(timeout(NOTE, nodes::stopped(&app, node, *id)).await, Ok(Ok(()))) {
            tracing::warn!("that this server stops was not kept; others may miss it");
        }
        drop((app, state, monitor));
        // Each lets go of its connection on its way out.
        drop(timeout(NOTE, join_all(watching.into_iter().chain(tasks))).await);
        // The writer ends once nobody can ask it any more and what waits is written.
        if timeout(WRITE, writer).await.is_err() {
            tracing::warn!("something still held the store");
        }
        drop(timeout(WRITE, pools.close()).await);
    }
}

/// Makes the example in an empty database, and says whether it did; finds what an earlier start kept of it in another.
async fn example(
    config: &Config,
    pools: &Pools,
    settings: &Settings,
    now: Timestamp,
) -> anyhow::Result<(Option<Guide>, bool)> {
    let (folder, wanted) = (&config.common.data_dir, config.serving.demo);
    let made = demo::look_after(pools, settings, now, wanted, |guide| guide.keep(folder)).await;
    let made = made.map_err(|problem| match problem.source {
        Some(source) => anyhow!(source),
        None => anyhow!(problem.message),
    });
    let made = made.context("the example organization could not be made")?;
    let is_made = made.is_some();
    Ok((made.or_else(|| wanted.then(|| Guide::kept(folder)).flatten()), is_made))
}

/// How the server is watched.
fn watch(serving: &Serving, id: NodeId, address: SocketAddr) -> Watch {
    let named = || format!("{}:{}", rustix::system::uname().nodename().to_string_lossy(), address.port());
    Watch {
        node: serving.node_name.clone().unwrap_or_else(named),
        id,
        address,
        heartbeat: Duration::from_secs(serving.heartbeat_seconds.into()),
        checks: Duration::from_secs(serving.check_seconds.into()),
        backup: (serving.backup_hours > 0).then(|| TimeDelta::hours(serving.backup_hours.into())),
    }
}

/// What the use cases go by.
///
/// # Errors
/// The database's address cannot be read, or there are no time zones where the setting says.
pub(crate) fn settings(config: &Config, public_url: Url) -> anyhow::Result<Settings> {
    let serving = &config.serving;
    time_zones(serving)?;
    Ok(Settings {
        public_url,
        database_file: copy::file_of(config.common.database_url().expose())?,
        lease: TimeDelta::seconds(serving.lease_seconds.into()),
        absence: TimeDelta::seconds(serving.absence_seconds.into()),
        link_lifetime: TimeDelta::days(serving.link_days.into()),
        session_idle: TimeDelta::hours(serving.session_idle_hours.into()),
        session_absolute: TimeDelta::days(serving.session_days.into()),
        can_mail: serving.smtp_url.is_some(),
        can_call_webhook: serving.alert_webhook_url.is_some(),
        alert_mail_to: serving.alert_mail_to.clone(),
    })
}
