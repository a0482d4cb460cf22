//! How others are asked by HTTP.

use std::time::Duration;

use reqwest::{Client, Response, redirect::Policy};

use super::WrongSetting;
use crate::domain::job::Failure;

/// How long an answer may take, its connection included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Goes where it is told and nowhere else: a redirect is an answer like every other that is no success.
pub(super) fn client(setting: &'static str) -> Result<Client, WrongSetting> {
    Client::builder()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .referer(false)
        .user_agent(concat!("Hearback/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| WrongSetting { setting, why: error.to_string() })
}

/// Whether what was asked went well; `who` is how the operator knows whom.
pub(super) fn judged(who: &str, answer: reqwest::Result<Response>) -> Result<(), Failure> {
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(Failure::new(format!("{who} answered {}", answer.status()))),
        Err(error) if error.is_timeout() => {
            Err(Failure::new(format!("{who} did not answer within {} seconds", PATIENCE.as_secs())))
        }
        // The address may hold a secret.
        Err(error) => Err(Failure::new(format!("{who} could not be reached")).saying(causes(&error.without_url()))),
    }
}

/// An error with what is behind it, which is where it says what happened.
fn causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
