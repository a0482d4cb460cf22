//! The dead man's switch: somebody outside raises the alarm once this is not heard any more.

use reqwest::Client;
use url::Url;

use super::{
    WrongSetting,
    client::{client, judged},
};
use crate::domain::job::Failure;

/// Asks for one address.
#[derive(Debug)]
pub(super) struct Pinger {
    client: Client,
    url: Url,
}

impl Pinger {
    pub(super) fn new(url: &Url) -> Result<Self, WrongSetting> {
        Ok(Self { client: client("ping_url")?, url: url.clone() })
    }

    pub(super) async fn ping(&self) -> Result<(), Failure> {
        judged("the address of ping_url", self.client.get(self.url.clone()).send().await)
    }
}
