//! Webhooks: what a program elsewhere is told, and how it knows that it was us (Standard Webhooks 1.0.0,
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use std::{fmt, str::FromStr};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that has happened, as a program is told of it. No message text is in it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// What has happened, such as `alert.fired`: a noun and a verb, which the receiver sorts by.
    pub event: String,
    /// What there is to know of it.
    pub data: Value,
}

// What is told is for its receiver alone.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({})", self.event)
    }
}

/// How a secret begins.
const PREFIX: &str = "whsec_";

/// What the receiver and we alone know: `whsec_` and 24 to 64 bytes in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    /// The bytes to sign with.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for WebhookSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "it has the form whsec_ and 24 to 64 random bytes in base64, as `echo whsec_$(openssl rand -base64 32)` makes it";
        // Some programs leave the padding away.
        let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let bytes = text.trim().strip_prefix(PREFIX).ok_or(FORM)?;
        let bytes = GeneralPurpose::new(&STANDARD, padding).decode(bytes).map_err(|_| FORM)?;
        if (24..=64).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(FORM) }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_its_prefix_and_enough_bytes() {
        for right in ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(right.parse::<WebhookSecret>().is_ok(), "{right}");
        }
        for wrong in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!!!!"] {
            assert!(wrong.parse::<WebhookSecret>().is_err(), "{wrong}");
        }
        let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        assert!(!format!("{secret:?}").contains("Mf"), "it is not shown");
    }
}
