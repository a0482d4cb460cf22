//! Sends a mail.

use crate::{
    domain::{job::Failure, mail::Mail},
    notify::{Delivery, Outside},
};

/// Hands it to the mail server.
pub(super) async fn run(outside: &Outside, delivery: Delivery, mail: &Mail) -> Result<(), Failure> {
    outside.mail(delivery, mail).await
}
