//! Waiting for a state, never for a time.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

/// How long a state may take to come about on a loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long something may take that is promised within `promise`. `make faults` sets `HEARBACK_EXACT` and has the machine to
/// itself; a machine that runs other tests at the same time is given five times as long.
pub fn allowed(promise: Duration) -> Duration {
    if std::env::var_os("HEARBACK_EXACT").is_some() { promise } else { promise * 5 }
}

/// Waits for a future, and says what was waited for when it does not come.
pub async fn within<F: Future>(what: &str, future: F) -> F::Output {
    match timeout(PATIENCE, future).await {
        Ok(output) => output,
        Err(_) => panic!("waited too long for {what}"),
    }
}

/// Asks again until the answer is there.
pub async fn until<T, F, Fut>(what: &str, mut look: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    within(what, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
}
