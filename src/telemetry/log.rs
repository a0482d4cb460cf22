//! Log lines on standard error, readable or as JSON.

use tracing::{Level, Metadata};
use tracing_subscriber::{EnvFilter, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// What libraries say at their finest is never written, whatever the filter asks for: it holds whole packets, and so
/// bodies and secrets. Those that carry our sockets already do it one level earlier.
fn is_fit_to_print(metadata: &Metadata<'_>) -> bool {
    const CARRY_PACKETS: [&str; 4] = ["socketioxide", "engineioxide", "tungstenite", "tokio_tungstenite"];
    match *metadata.level() {
        Level::TRACE => metadata.target().starts_with("hearback"),
        Level::DEBUG => !CARRY_PACKETS.iter().any(|name| metadata.target().starts_with(name)),
        _ => true,
    }
}

/// Starts the log; the first call counts, since a process has one log.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::builder().parse_lossy(filter);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true);
    let fit = filter_fn(is_fit_to_print);
    let outcome = match format {
        LogFormat::Text => {
            lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).finish().with(fit).try_init()
        }
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).finish().with(fit).try_init(),
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "the log was started before");
    }
}
