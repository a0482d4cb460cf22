//! A new job.

use serde_json::Value;

use crate::{
    app::Settings,
    domain::{
        ids::JobId,
        job::{NewJob, Work},
        mail::Mail,
        webhook::Webhook,
    },
    store::{StoreError, Tx, jobs},
};

/// Writes a job **within the transaction that makes it necessary**, so that both are there or neither is. It is begun right
/// after the commit, by whichever node is first, and may be done more than once.
///
/// Whoever schedules a mail or a webhook asks [`Settings::can_mail`] or [`Settings::can_call_webhook`] first, best by way of
/// [`for_operators`]: a job for what is not set up would only be tried in vain and set aside.
///
/// # Errors
/// The store cannot be written.
pub async fn schedule(tx: &mut Tx, job: NewJob) -> Result<JobId, StoreError> {
    let (id, now) = (tx.new_id(), tx.now());
    jobs::insert(&mut tx.conn, id, &job, now).await?;
    tx.wake_runner();
    Ok(id)
}

/// What is to be done to tell the operators something: a mail to each of the setting `alert_mail_to`, a call of
/// `alert_webhook_url`; nothing where neither is set. `event` is the webhook's, such as `alert.fired`.
#[must_use]
pub fn for_operators(settings: &Settings, subject: &str, text: &str, event: &str, data: Value) -> Vec<Work> {
    let recipients = if settings.can_mail { settings.alert_mail_to.as_slice() } else { &[] };
    let mail = |to: &_| Work::Mail(Mail { to: Clone::clone(to), subject: subject.to_owned(), text: text.to_owned() });
    let call = settings.can_call_webhook.then(|| Work::Webhook(Webhook { event: event.to_owned(), data }));
    recipients.iter().map(mail).chain(call).collect()
}
