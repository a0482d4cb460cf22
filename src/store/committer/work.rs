//! Changes that wait to be applied, of whatever kind.

use std::any::{Any, TypeId};

use futures::future::BoxFuture;
use tokio::sync::oneshot;

use crate::{
    domain::{ids::ConversationId, problem::Problem},
    store::{Change, Tx},
};

/// A waiting change, whatever it gives back.
pub(super) trait Work: Any + Send {
    /// What it can be applied together with.
    fn kind(&self) -> Option<TypeId>;
    /// Whether it may be lost with the power.
    fn is_done_again(&self) -> bool;
    /// The conversation that it changes.
    fn conversation(&self) -> Option<ConversationId>;
    /// Whether it gets a transaction of its own on PostgreSQL.
    fn runs_alone(&self) -> bool;
    fn apply<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), ()>>;
    /// Applies it and others of its kind.
    fn apply_run<'a>(&'a mut self, others: &'a mut [Box<dyn Work>], tx: &'a mut Tx) -> BoxFuture<'a, Result<(), ()>>;
    fn answer(self: Box<Self>);
    fn answer_spoiled(self: Box<Self>);
    fn refuse(self: Box<Self>, problem: Problem);
}

impl std::fmt::Debug for dyn Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

/// A change and who waits for it.
pub(super) struct Pending<C: Change> {
    change: C,
    outcome: Option<Result<C::Output, Problem>>,
    answer: oneshot::Sender<Result<C::Output, Problem>>,
}

impl<C: Change> Pending<C> {
    pub(super) const fn new(change: C, answer: oneshot::Sender<Result<C::Output, Problem>>) -> Self {
        Self { change, outcome: None, answer }
    }
}

impl<C: Change> Work for Pending<C> {
    fn apply<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), ()>> {
        Box::pin(async move {
            let outcome = self.change.apply(tx).await;
            let answered = outcome.as_ref().map(|_| ()).map_err(|_| ());
            self.outcome = Some(outcome);
            answered
        })
    }

    fn kind(&self) -> Option<TypeId> {
        self.change.comes_in_numbers().then(TypeId::of::<C>)
    }

    fn is_done_again(&self) -> bool {
        self.change.is_done_again()
    }

    fn conversation(&self) -> Option<ConversationId> {
        self.change.conversation()
    }

    fn runs_alone(&self) -> bool {
        self.change.runs_alone()
    }

    fn apply_run<'a>(&'a mut self, others: &'a mut [Box<dyn Work>], tx: &'a mut Tx) -> BoxFuture<'a, Result<(), ()>> {
        Box::pin(async move {
            let others = others.iter_mut().filter_map(|work| (&mut **work as &mut dyn Any).downcast_mut::<Self>());
            let (changes, outcomes): (Vec<&C>, Vec<_>) =
                std::iter::once(self).chain(others).map(|work| (&work.change, &mut work.outcome)).unzip();
            match C::apply_run(&changes, tx).await {
                Ok(all) => outcomes.into_iter().zip(all).for_each(|(place, outcome)| *place = Some(outcome)),
                Err(problem) => {
                    if let Some(place) = outcomes.into_iter().next() {
                        *place = Some(Err(problem));
                    }
                    return Err(());
                }
            }
            Ok(())
        })
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // Nobody waits any more where the caller's connection has gone.
            drop(self.answer.send(outcome));
        }
    }

    fn answer_spoiled(self: Box<Self>) {
        // A change that overlooked a failed statement has not been written, whatever it says itself.
        let refusal = match self.outcome {
            Some(Err(problem)) => problem,
            _ => Problem::internal("a change went on after a failed statement"),
        };
        drop(self.answer.send(Err(refusal)));
    }

    fn refuse(self: Box<Self>, problem: Problem) {
        drop(self.answer.send(Err(problem)));
    }
}

/// Applies one, or several that come in numbers.
pub(super) async fn apply(run: &mut [Box<dyn Work>], tx: &mut Tx) -> Result<(), ()> {
    match run {
        [] => Ok(()),
        [first, others @ ..] if first.kind().is_some() => first.apply_run(others, tx).await,
        [first, ..] => first.apply(tx).await,
    }
}
