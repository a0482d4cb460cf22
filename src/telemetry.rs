//! What the program says of itself: log lines on standard error, readable or as JSON.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts the log; the first call counts, since a process has one log.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::builder().parse_lossy(filter);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true);
    let outcome = match format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).try_init(),
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "the log was started before");
    }
}
