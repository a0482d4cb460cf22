//! Rung when there may be work: what a commit has scheduled need not wait until somebody looks.

use std::sync::Arc;

use tokio::sync::watch;

/// A bell that any number hear, also who listens only afterwards.
#[derive(Clone, Debug)]
pub struct Bell(Arc<watch::Sender<()>>);

/// Hears the bell.
#[derive(Debug)]
pub struct Ears(watch::Receiver<()>);

impl Bell {
    /// Rings it.
    pub fn ring(&self) {
        self.0.send_replace(());
    }

    /// Somebody who hears it from now on.
    #[must_use]
    pub fn listen(&self) -> Ears {
        Ears(self.0.subscribe())
    }
}

impl Default for Bell {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(())))
    }
}

impl Ears {
    /// Waits until it rings, or has rung since this returned last; for ever once nobody can ring it any more.
    pub async fn hear(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
