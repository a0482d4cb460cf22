//! Hands mails to the operator's mail server, by SMTP.

use std::{
    error::Error,
    time::{Duration, SystemTime},
};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{self, response::Category},
};

use super::{Delivery, WrongSetting};
use crate::domain::{
    job::Failure,
    mail::{Mail, Sender},
    user::Email,
};

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends by one server.
#[derive(Debug)]
pub(super) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    pub(super) fn new(url: &str, from: &Sender) -> Result<Self, WrongSetting> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        let builder = builder.map_err(|error| WrongSetting { setting: "smtp_url", why: error.to_string() })?;
        let address = address(&from.address);
        let address = address.map_err(|failure| WrongSetting { setting: "mail_from", why: failure.why })?;
        let from = Mailbox::new(from.name.as_ref().map(ToString::to_string), address);
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    pub(super) async fn send(&self, delivery: Delivery, mail: &Mail) -> Result<(), Failure> {
        let message = self.message(delivery, mail)?;
        self.transport.send(message).await.map(drop).map_err(|error| refusal(&error))
    }

    fn message(&self, delivery: Delivery, mail: &Mail) -> Result<Message, Failure> {
        let built = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&mail.to)?))
            // Mail programs show a mail with the id of another only once.
            .message_id(Some(format!("<{}@{}>", delivery.id, self.from.email.domain())))
            .date(SystemTime::from(delivery.now.to_datetime()))
            .subject(one_line(&mail.subject))
            .singlepart(SinglePart::plain(mail.text.clone()));
        let mut message = built.map_err(|error| Failure::for_good("the mail cannot be written").saying(error))?;
        // Nobody's absence note answers it (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
        Ok(message)
    }
}

fn address(email: &Email) -> Result<Address, Failure> {
    email.as_str().parse().map_err(|_| Failure::for_good("this is no address that mail can be sent to"))
}

/// A line that begins no header of its own.
fn one_line(subject: &str) -> String {
    let words = subject.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn refusal(error: &smtp::Error) -> Failure {
    let said = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let Some(code) = error.status() else {
        let timed_out = error.is_timeout();
        let why = if timed_out { "did not answer in time" } else { "could not be reached" };
        return Failure::new(format!("the mail server {why}")).saying(said);
    };
    let failure = Failure::new(format!("the mail server refused the mail ({code})")).saying(said);
    // What it says of the mail or its recipient stays true (RFC 5321, section 4.2); of the connection, such as a wrong
    // password, it may be put right.
    Failure { for_good: error.is_permanent() && code.category == Category::MailSystem, ..failure }
}
