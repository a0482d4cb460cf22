//! What waits for one subscriber.

use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use crate::domain::event::Event;

/// How many events may wait for one subscriber.
const MAX_WAITING: usize = 16_384;

/// A bounded queue of events. Adding never waits: where the reader is too far behind, everything that waits is replaced by
/// one [`Event::Missed`], after which the reader finds in the store what it missed.
#[derive(Debug, Default)]
pub(super) struct EventQueue {
    waiting: Mutex<VecDeque<Arc<Event>>>,
    added: Notify,
    closed: AtomicBool,
}

impl EventQueue {
    /// Adds an event.
    pub(super) fn push(&self, event: Arc<Event>) {
        {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.len() >= MAX_WAITING {
                let lost = mem::take(&mut *waiting).len();
                tracing::warn!(lost, "event queue overflowed; what was missed is looked up in the store");
                waiting.push_back(Arc::new(Event::Missed));
            }
            waiting.push_back(event);
        }
        self.added.notify_one();
    }

    /// The oldest event, as soon as there is one; `None` once the queue is closed. For one reader.
    pub(super) async fn pop(&self) -> Option<Arc<Event>> {
        loop {
            let oldest = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            if oldest.is_some() {
                return oldest;
            }
            if self.is_closed() {
                return None;
            }
            self.added.notified().await;
        }
    }

    /// Ends the queue for its reader, after what waits.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.added.notify_one();
    }

    /// Whether it was closed.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{Id, OrganizationId};

    fn event(number: u128) -> Arc<Event> {
        let organization = OrganizationId::from(uuid::Uuid::from_u128(number));
        Arc::new(Event::OrganizationChanged { organization })
    }

    #[tokio::test]
    async fn events_come_in_the_order_in_which_they_were_added() {
        let queue = EventQueue::default();
        (0..MAX_WAITING as u128).for_each(|number| queue.push(event(number)));
        queue.close();
        for number in 0..MAX_WAITING as u128 {
            let Some(Event::OrganizationChanged { organization }) = queue.pop().await.as_deref().cloned() else {
                panic!("an event is missing");
            };
            assert_eq!(organization.uuid().as_u128(), number);
        }
        assert!(queue.pop().await.is_none(), "the queue was closed");
    }

    #[tokio::test]
    async fn a_reader_too_far_behind_gets_one_missed_and_what_came_after() {
        let queue = EventQueue::default();
        (0..=MAX_WAITING as u128).for_each(|number| queue.push(event(number)));
        assert!(matches!(queue.pop().await.as_deref(), Some(Event::Missed)));
        assert!(matches!(queue.pop().await.as_deref(), Some(Event::OrganizationChanged { .. })));
        queue.close();
        assert!(queue.pop().await.is_none());
    }
}
