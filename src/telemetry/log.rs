//! Log lines on standard error, readable or as JSON; and [spans](super::spans), where a collector is set.

use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::otlp::Exporter;
use crate::config::LogFormat;

/// What libraries say at their finest is never written, whatever the filter asks for: it holds whole packets, and so
/// bodies and secrets. Those that carry our sockets already do it one level earlier. Spans are for a collector alone.
fn is_fit_to_print(metadata: &Metadata<'_>) -> bool {
    const CARRY_PACKETS: [&str; 4] = ["socketioxide", "engineioxide", "tungstenite", "tokio_tungstenite"];
    metadata.is_event()
        && match *metadata.level() {
            Level::TRACE => metadata.target().starts_with("hearback"),
            Level::DEBUG => !CARRY_PACKETS.iter().any(|name| metadata.target().starts_with(name)),
            _ => true,
        }
}

/// Starts the log; the first call counts, since a process has one log.
pub fn start(filter: &str, format: LogFormat, exporter: Option<&Exporter>) {
    let filter = EnvFilter::builder().parse_lossy(filter);
    // Both have to know it: else everything that is left out would be looked at each time.
    let finest = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    let fit = filter_fn(move |metadata| *metadata.level() <= finest && is_fit_to_print(metadata));
    let fit = filter.and(fit.with_max_level_hint(finest));
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(true);
    let lines = match format {
        LogFormat::Text => {
            lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).with_filter(fit).boxed()
        }
        LogFormat::Json => lines.json().flatten_event(true).with_filter(fit).boxed(),
    };
    let spans = exporter.map(Exporter::layer);
    if let Err(error) = tracing_subscriber::registry().with(spans).with(lines).try_init() {
        tracing::debug!(%error, "the log was started before");
    }
}
