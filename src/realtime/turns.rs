//! Whose turn it is.
//!
//! Everybody shares a few threads, on which work is done in the order in which it came up. Whoever makes much of it, a
//! crowd at the door or one who never stops talking, would make all others wait behind them, several times for each
//! message. So they wait in a queue of their own, of which one gets on whenever everything else that was ready has been
//! done. While nothing else is, that is at once.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    sync::{mpsc, oneshot},
    task::yield_now,
};

/// The queue of those who wait.
#[derive(Clone, Debug)]
pub struct Turns(mpsc::UnboundedSender<oneshot::Sender<()>>);

impl Turns {
    /// Starts to give turns; ends when nobody can ask for one any more. It holds one question of each who waits.
    #[must_use]
    pub fn start() -> Self {
        let (ask, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
        tokio::spawn(async move {
            while let Some(next) = asked.recv().await {
                // Who has gone meanwhile takes nobody's turn.
                if next.send(()).is_ok() {
                    yield_now().await;
                }
            }
        });
        Self(ask)
    }

    /// Comes to its end when it is the caller's turn.
    pub fn mine(&self) -> Turn {
        let (give, given) = oneshot::channel();
        // Where nobody gives turns any more the sender is dropped, and whoever waits gets on.
        drop(self.0.send(give));
        Turn(given)
    }
}

/// A place in the queue; dropped, it is given up.
#[derive(Debug)]
#[must_use = "a turn comes to who waits for it"]
pub struct Turn(oneshot::Receiver<()>);

impl Future for Turn {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.get_mut().0).poll(context).map(drop)
    }
}
