//! What can be reached outside, by the settings.

use anyhow::ensure;
use url::Url;

use crate::{
    config::{Hidden, HiddenUrl, Serving},
    domain::mail::Sender,
    notify::{Addresses, Outside},
};

/// Gets it ready; nobody is reached yet.
///
/// # Errors
/// A setting that cannot be used, or one that says nothing without another: somebody who relies on being told would wait in
/// vain.
pub(crate) fn outside(serving: &Serving, public_url: &Url) -> anyhow::Result<Outside> {
    let (webhook, secret) = (&serving.alert_webhook_url, &serving.alert_webhook_secret);
    ensure!(
        webhook.is_some() == secret.is_some(),
        "the settings alert_webhook_url and alert_webhook_secret go together: the one is called, the other shows that it was us"
    );
    ensure!(
        serving.alert_mail_to.is_empty() || serving.smtp_url.is_some(),
        "the setting alert_mail_to needs smtp_url, the server that mail is sent by"
    );
    let usual = Sender::at(public_url);
    Ok(Outside::open(Addresses {
        smtp: serving.smtp_url.as_ref().map(Hidden::expose),
        from: serving.mail_from.as_ref().unwrap_or(&usual),
        webhook: webhook.as_ref().map(HiddenUrl::expose).zip(secret.as_ref()),
        ping: serving.ping_url.as_ref().map(HiddenUrl::expose),
    })?)
}
