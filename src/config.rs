//! Every setting: a flag, an environment variable `HEARBACK_…` of the same name, and a key of the TOML file.
//!
//! A flag wins over the environment, the environment over the file, the file over the default. The structs are what
//! `--help` shows; units stand in the names.

mod file;
#[cfg(test)]
mod tests;
mod values;

use std::{net::SocketAddr, path::PathBuf};

use clap::{
    Arg, Args, Command, Parser,
    error::{ContextKind, ContextValue},
};
use url::Url;

pub use self::{
    file::{FileError, with_file},
    values::{DatabaseUrl, Hidden, HiddenUrl, LogFormat, Network, Switch},
};
use crate::domain::{mail::Sender, user::Email, webhook::WebhookSecret};

/// What every command goes by.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings of every command")]
pub struct Common {
    /// TOML file with settings; its keys are these names with underscores, such as `lease_seconds = 90`
    #[arg(long, global = true, env = "HEARBACK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Folder for what is kept on disk
    #[arg(long, global = true, env = "HEARBACK_DATA_DIR", value_name = "FOLDER", default_value = "data")]
    pub data_dir: PathBuf,

    /// Where the database is: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`, user and password percent-encoded
    /// (default: the file hearback.db in the data folder)
    #[arg(long, global = true, env = "HEARBACK_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<DatabaseUrl>,

    /// Where people reach Hearback, without a path (default: the listening address)
    #[arg(long, global = true, env = "HEARBACK_PUBLIC_URL", value_name = "URL", value_parser = values::public_url)]
    pub public_url: Option<Url>,

    /// What is logged: error, warn, info, debug, trace, or directives such as hearback=debug,sqlx=warn
    #[arg(long, global = true, env = "HEARBACK_LOG", value_name = "FILTER", default_value = "info,sqlx=warn", value_parser = values::log_filter)]
    pub log: String,

    /// How log lines are written
    #[arg(long, global = true, env = "HEARBACK_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// What only the server goes by.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server")]
pub struct Serving {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "HEARBACK_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks such as 10.0.0.0/8, separated by commas
    #[arg(long, env = "HEARBACK_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,

    /// Whether rate limits apply; off only for load tests
    #[arg(long, env = "HEARBACK_RATE_LIMITS", value_name = "SWITCH", default_value = "on")]
    pub rate_limits: Switch,

    /// How long a claim in the queue lasts unless it is renewed, in seconds
    #[arg(long, env = "HEARBACK_LEASE_SECONDS", value_name = "SECONDS", default_value = "120",
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub lease_seconds: u32,

    /// How long the holder of a claim may be without any connection before the claim ends, in seconds
    #[arg(long, env = "HEARBACK_ABSENCE_SECONDS", value_name = "SECONDS", default_value = "30",
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub absence_seconds: u32,

    /// How long a chat link works after the candidate's last activity, in days
    #[arg(long, env = "HEARBACK_LINK_DAYS", value_name = "DAYS", default_value = "90",
        value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub link_days: u32,

    /// How long a user stays signed in without doing anything, in hours
    #[arg(long, env = "HEARBACK_SESSION_IDLE_HOURS", value_name = "HOURS", default_value = "12",
        value_parser = clap::value_parser!(u32).range(1..=8_760))]
    pub session_idle_hours: u32,

    /// How long a user stays signed in at most, in days
    #[arg(long, env = "HEARBACK_SESSION_DAYS", value_name = "DAYS", default_value = "14",
        value_parser = clap::value_parser!(u32).range(1..=365))]
    pub session_days: u32,

    /// Fill an empty database with an example organization and print the addresses to open
    #[arg(long, env = "HEARBACK_DEMO", value_name = "BOOL", default_value = "false", num_args = 0..=1,
        default_missing_value = "true", require_equals = true)]
    pub demo: bool,

    /// How often each server sends heartbeats through the queue, in seconds
    #[arg(long, env = "HEARBACK_HEARTBEAT_SECONDS", value_name = "SECONDS", default_value = "15",
        value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub heartbeat_seconds: u32,

    /// How often everything that may need somebody is looked at, in seconds; an alert fires after three bad looks
    #[arg(long, env = "HEARBACK_CHECK_SECONDS", value_name = "SECONDS", default_value = "15",
        value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub check_seconds: u32,

    /// How old the last copy of an SQLite database may be before somebody is told, in hours; 0 if it is copied by other
    /// means than `hearback backup`
    #[arg(long, env = "HEARBACK_BACKUP_HOURS", value_name = "HOURS", default_value = "48",
        value_parser = clap::value_parser!(u32).range(0..=8_760))]
    pub backup_hours: u32,

    /// This server's name among several; it outlives the process (default: the machine's name and the port)
    #[arg(long, env = "HEARBACK_NODE_NAME", value_name = "NAME")]
    pub node_name: Option<String>,

    /// What a monitor shows to read /metrics from another machine; without it only this machine may
    #[arg(long, env = "HEARBACK_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<Hidden>,

    /// Address that is asked for after each good heartbeat, so that somebody outside notices when it falls silent
    #[arg(long, env = "HEARBACK_PING_URL", value_name = "URL", hide_env_values = true)]
    pub ping_url: Option<HiddenUrl>,

    /// Mail server, as `smtp://USER:PASSWORD@HOST:PORT?tls=required` or `smtps://USER:PASSWORD@HOST`, user and password
    /// percent-encoded; without it no mail is sent
    #[arg(long, env = "HEARBACK_SMTP_URL", value_name = "URL", hide_env_values = true, value_parser = values::smtp_url)]
    pub smtp_url: Option<Hidden>,

    /// OpenTelemetry collector that takes spans by OTLP over HTTP, such as `http://127.0.0.1:4318`; `/v1/traces` is added.
    /// Without it nothing is sent
    #[arg(long, env = "HEARBACK_OTLP_URL", value_name = "URL", hide_env_values = true)]
    pub otlp_url: Option<HiddenUrl>,

    /// Folder of compiled time zone files, such as /usr/share/zoneinfo, to use in place of the data in the program
    #[arg(long, env = "HEARBACK_TZDB_DIR", value_name = "FOLDER")]
    pub tzdb_dir: Option<PathBuf>,

    /// Whom mails come from (default: `Hearback <hearback@HOST>` with the host of the public URL)
    #[arg(long, env = "HEARBACK_MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<Sender>,

    /// Addresses that get mail when something goes wrong, separated by commas
    #[arg(long, env = "HEARBACK_ALERT_MAIL_TO", value_name = "ADDRESSES", value_delimiter = ',',
        value_parser = values::email)]
    pub alert_mail_to: Vec<Email>,

    /// Address that is called when something goes wrong, as Standard Webhooks has it
    #[arg(long, env = "HEARBACK_ALERT_WEBHOOK_URL", value_name = "URL", hide_env_values = true)]
    pub alert_webhook_url: Option<HiddenUrl>,

    /// What these calls are signed with: `whsec_` and 24 to 64 random bytes in base64
    #[arg(long, env = "HEARBACK_ALERT_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub alert_webhook_secret: Option<WebhookSecret>,
}

/// Every setting of a server.
#[derive(Clone, Debug, Parser)]
pub struct Config {
    /// What every command goes by.
    #[command(flatten)]
    pub common: Common,
    /// What only the server goes by.
    #[command(flatten)]
    pub serving: Serving,
}

impl Config {
    /// Each setting of a server with its value, for operators; secrets are not shown.
    #[must_use]
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let Common { data_dir, public_url, log, log_format, .. } = &self.common;
        let mut shown = vec![
            ("data_dir", data_dir.display().to_string()),
            ("database_url", self.common.database_url().to_string()),
            ("public_url", public_url.as_ref().map_or_else(|| "the listening address".to_owned(), Url::to_string)),
            ("log", log.clone()),
            ("log_format", format!("{log_format:?}").to_lowercase()),
        ];
        shown.extend(self.serving.shown());
        shown
    }

    /// The settings that a command line of flags alone gives, and the environment.
    ///
    /// # Errors
    /// A flag that does not exist or does not fit.
    pub fn from_flags<'a>(flags: impl IntoIterator<Item = &'a str>) -> Result<Self, clap::Error> {
        Self::try_parse_from(["hearback"].into_iter().chain(flags))
    }
}

impl Common {
    /// The database, in its folder unless a URL says otherwise.
    #[must_use]
    pub fn database_url(&self) -> DatabaseUrl {
        self.database_url.clone().unwrap_or_else(|| DatabaseUrl::in_folder(&self.data_dir))
    }

    /// The setting that says where the database is.
    #[must_use]
    pub const fn database_setting(&self) -> &'static str {
        if self.database_url.is_some() { "database_url" } else { "data_dir" }
    }
}

impl Serving {
    /// Each setting of the server with its value, for operators; secrets are not shown, only whether they are set.
    #[must_use]
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let set = |is: bool| if is { "set" } else { "not set" }.to_owned();
        let proxies = if self.trusted_proxies.is_empty() {
            "none".to_owned()
        } else {
            format!("{} networks", self.trusted_proxies.len())
        };
        vec![
            ("listen", self.listen.to_string()),
            ("trusted_proxies", proxies),
            ("rate_limits", if self.rate_limits == Switch::On { "on" } else { "off" }.to_owned()),
            ("lease_seconds", self.lease_seconds.to_string()),
            ("absence_seconds", self.absence_seconds.to_string()),
            ("link_days", self.link_days.to_string()),
            ("session_idle_hours", self.session_idle_hours.to_string()),
            ("session_days", self.session_days.to_string()),
            ("heartbeat_seconds", self.heartbeat_seconds.to_string()),
            ("check_seconds", self.check_seconds.to_string()),
            ("backup_hours", self.backup_hours.to_string()),
            ("node_name", self.node_name.clone().unwrap_or_else(|| "the machine's name and the port".to_owned())),
            (
                "tzdb_dir",
                self.tzdb_dir.as_ref().map_or_else(|| "in the program".to_owned(), |dir| dir.display().to_string()),
            ),
            ("metrics_token", set(self.metrics_token.is_some())),
            ("ping_url", set(self.ping_url.is_some())),
            ("otlp_url", set(self.otlp_url.is_some())),
            ("smtp_url", set(self.smtp_url.is_some())),
            (
                "mail_from",
                self.mail_from
                    .as_ref()
                    .map_or_else(|| "hearback at the public URL's host".to_owned(), |from| from.address.to_string()),
            ),
            ("alert_mail_to", format!("{} addresses", self.alert_mail_to.len())),
            ("alert_webhook_url", set(self.alert_webhook_url.is_some())),
        ]
    }
}

/// Where people reach a server that listens there, when no setting says it.
#[must_use]
pub fn url_of(address: SocketAddr) -> Url {
    let reachable = match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => format!("http://127.0.0.1:{}", v4.port()),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => format!("http://[::1]:{}", v6.port()),
        address => format!("http://{address}"),
    };
    Url::parse(&reachable).expect("an address and a port make a URL")
}

/// An error without the value, where it is of a setting that is not shown.
#[must_use]
pub fn without_secrets(error: clap::Error, command: &mut Command) -> clap::Error {
    fn hides(command: &Command, flag: &str) -> bool {
        let is_it = |arg: &Arg| arg.is_hide_env_values_set() && flag.starts_with(&arg.to_string());
        command.get_arguments().any(is_it) || command.get_subcommands().any(|below| hides(below, flag))
    }
    command.build();
    let flag = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    if hides(command, &flag) { without_value(error) } else { error }
}

/// An error without the value that was given.
fn without_value(mut error: clap::Error) -> clap::Error {
    error.insert(ContextKind::InvalidValue, ContextValue::String("(hidden)".to_owned()));
    error
}

/// A clap error as one sentence.
#[must_use]
pub fn sentence(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> =
        lines.take_while(|line| !line.starts_with("For more") && !line.starts_with("Usage:")).collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}
