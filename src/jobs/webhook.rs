//! Calls the operator's webhook.

use crate::{
    domain::{job::Failure, webhook::Webhook},
    notify::{Delivery, Outside},
};

/// Tells it.
pub(super) async fn run(outside: &Outside, delivery: Delivery, webhook: &Webhook) -> Result<(), Failure> {
    outside.call(delivery, webhook).await
}
