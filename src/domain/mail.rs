//! Mail: what is sent to one address.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{text::Name, user::Email};

/// A mail of plain text. Subject and text are ours, so they hold no message of a candidate's; links in them begin with the
/// public URL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Who gets it.
    pub to: Email,
    /// What stands above it; a line break in it is a space.
    pub subject: String,
    /// The text.
    pub text: String,
}

// Addresses and words never reach a log by accident.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail(…)")
    }
}

/// Whom mails come from, such as `Hearback <hearback@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The name, where there is one.
    pub name: Option<Name>,
    /// The address.
    pub address: Email,
}

impl Sender {
    /// Hearback at the host of the public URL, where no setting says more. A host that is a number makes no address; nobody outside of the
    /// machine gets to it anyway.
    #[must_use]
    pub fn at(public_url: &Url) -> Self {
        let host = match public_url.host() {
            Some(url::Host::Domain(name)) => name,
            _ => "localhost",
        };
        Self {
            name: Some(Name::from_stored("Hearback".to_owned())),
            address: Email::from_stored(format!("hearback@{host}")),
        }
    }
}

impl FromStr for Sender {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "it has the form Hearback <hearback@example.com>";
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(rest) => rest.split_once('<').ok_or(FORM)?,
            None => ("", text),
        };
        let name = name.trim().trim_matches('"').trim();
        let name = if name.is_empty() { None } else { Some(Name::parse("name", name).map_err(|_| FORM)?) };
        Ok(Self { name, address: Email::parse("address", address).map_err(|_| FORM)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        let parse = |text: &str| text.parse::<Sender>().map(|sender| (sender.name.map(String::from), sender.address));
        let address = Email::parse("address", "us@mail.example").unwrap();
        assert_eq!(parse("us@mail.example"), Ok((None, address.clone())));
        assert_eq!(parse("\"Us, all\" <us@mail.example>"), Ok((Some("Us, all".to_owned()), address)));
        for wrong in ["", "us", "Us <us>", "us@mail.example>", "Us <us@mail.example", "A\r\nB <us@mail.example>"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn without_a_setting_mail_comes_from_where_people_reach_us() {
        let at = |url: &str| Sender::at(&Url::parse(url).unwrap()).address.as_str().to_owned();
        assert_eq!(at("https://jobs.example.com"), "hearback@jobs.example.com");
        assert_eq!(at("http://127.0.0.1:8080"), "hearback@localhost");
        assert_eq!(at("http://[::1]:8080"), "hearback@localhost");
    }
}
