//! Outside words: what can be reached beyond this installation. Built once, at the start, from what the operator has set.
//!
//! Usually jobs speak here, so that what fails is tried again. Where the store takes no writes nothing can be scheduled;
//! then [`Outside::deliver`] is called directly.

mod client;
mod mail;
mod ping;
mod webhook;

use url::Url;

use self::{mail::Mailer, ping::Pinger, webhook::Caller};
use crate::domain::{
    ids::JobId,
    job::{Failure, Work},
    mail::{Mail, Sender},
    time::Timestamp,
    webhook::{Webhook, WebhookSecret},
};

/// Where things are, as the operator has set it. None of it comes from an organization, so every address is allowed, also one
/// on this machine or in its own network: that is where an operator's mail server and monitor usually are.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    /// The mail server, `smtp://…` or `smtps://…`, with its password.
    pub smtp: Option<&'a str>,
    /// Whom mails come from.
    pub from: &'a Sender,
    /// Whom to call, and the secret to sign with.
    pub webhook: Option<(&'a Url, &'a WebhookSecret)>,
    /// Whom to tell that everything is well.
    pub ping: Option<&'a Url>,
}

/// A setting that something outside cannot be reached by.
#[derive(Debug, thiserror::Error)]
#[error("the setting {setting} cannot be used: {why}")]
pub struct WrongSetting {
    /// Its name.
    pub setting: &'static str,
    /// What is wrong, without the value.
    pub why: String,
}

/// One thing that is told, however often it is tried.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    /// By this the receiver knows that it was told before: a job's id, or a new one.
    pub id: JobId,
    /// When what is told of happened.
    pub made_at: Timestamp,
    /// When it is told.
    pub now: Timestamp,
}

/// What can be reached outside; the default is nothing.
#[derive(Debug, Default)]
pub struct Outside {
    mailer: Option<Mailer>,
    caller: Option<Caller>,
    pinger: Option<Pinger>,
}

impl Outside {
    /// Gets everything ready; nobody is reached yet.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub fn open(addresses: Addresses) -> Result<Self, WrongSetting> {
        let Addresses { smtp, from, webhook, ping } = addresses;
        Ok(Self {
            mailer: smtp.map(|url| Mailer::new(url, from)).transpose()?,
            caller: webhook.map(|(url, secret)| Caller::new(url, secret)).transpose()?,
            pinger: ping.map(Pinger::new).transpose()?,
        })
    }

    /// Does at once what a job would do.
    ///
    /// # Errors
    /// As [`Outside::mail`] and [`Outside::call`].
    pub async fn deliver(&self, delivery: Delivery, work: &Work) -> Result<(), Failure> {
        match work {
            Work::Mail(mail) => self.mail(delivery, mail).await,
            Work::Webhook(webhook) => self.call(delivery, webhook).await,
        }
    }

    /// Hands a mail to the mail server. The same id gives the same Message-ID.
    ///
    /// # Errors
    /// The server cannot be reached or refuses it; or there is none.
    pub async fn mail(&self, delivery: Delivery, mail: &Mail) -> Result<(), Failure> {
        let mailer = self.mailer.as_ref().ok_or_else(|| Failure::new("no mail server is set (smtp_url)"))?;
        mailer.send(delivery, mail).await
    }

    /// Calls the operator's webhook. The same id gives the same `webhook-id`.
    ///
    /// # Errors
    /// It cannot be reached, or answers with anything but success; or there is none.
    pub async fn call(&self, delivery: Delivery, webhook: &Webhook) -> Result<(), Failure> {
        let caller = self.caller.as_ref().ok_or_else(|| Failure::new("no webhook is set (alert_webhook_url)"))?;
        caller.call(delivery, webhook).await
    }

    /// Tells whoever waits for it that everything is well (the dead man's switch); does nothing where nobody does.
    ///
    /// # Errors
    /// The address cannot be reached, or answers with anything but success.
    pub async fn ping(&self) -> Result<(), Failure> {
        match &self.pinger {
            Some(pinger) => pinger.ping().await,
            None => Ok(()),
        }
    }

    /// Whether somebody waits for [`Outside::ping`].
    #[must_use]
    pub const fn can_ping(&self) -> bool {
        self.pinger.is_some()
    }
}
