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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn all_else_gets_on_between_two_turns_and_everybody_has_theirs() {
        let turns = Turns::start();
        let done = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        for one in 0..100 {
            let (turn, done) = (turns.mine(), Arc::clone(&done));
            tasks.spawn(async move {
                turn.await;
                done.lock().unwrap().push(one);
            });
        }
        let also = Arc::clone(&done);
        tasks.spawn(async move {
            // The steps of a message.
            for _ in 0..5 {
                yield_now().await;
            }
            also.lock().unwrap().push(100);
        });
        while tasks.join_next().await.is_some() {}
        let done = done.lock().unwrap();
        let place = done.iter().position(|one| *one == 100).unwrap();
        assert!(place < 20, "after {place} turns");
        let turns: Vec<_> = done.iter().copied().filter(|one| *one < 100).collect();
        assert_eq!(turns, (0..100).collect::<Vec<_>>(), "in the order in which they came");
    }

    #[tokio::test]
    async fn who_has_gone_takes_nobody_elses_turn() {
        let turns = Turns::start();
        for _ in 0..1_000 {
            drop(turns.mine());
        }
        let mut rounds = 0;
        tokio::select! {
            biased;
            () = turns.mine() => {}
            () = async { loop { rounds += 1; yield_now().await; } } => {}
        }
        assert!(rounds < 20, "{rounds} rounds");
    }
}
