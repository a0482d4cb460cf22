//! Every piece of work that is measured; one file each.

mod announcement;
mod idle;
mod large;
mod posting;

use anyhow::Result;
use clap::ValueEnum;

use crate::{Bench, report::Row};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// 200 candidates write as fast as they are answered
    Saturation,
    /// 200 candidates write 400 messages a second together
    Paced,
    /// 2,000 candidates instead of 200
    Many,
    /// An announcement to 1,000 candidates
    Announcement,
    /// 10,000 sockets connect and are idle
    Idle,
    /// Pages, history, search and queue:next with up to 100,000 conversations
    Pages,
    /// A start with 100,000 conversations and 1,000 organizations
    Start,
}

impl Scenario {
    /// All of them, in the table's order.
    pub const ALL: &[Self] =
        &[Self::Saturation, Self::Paced, Self::Many, Self::Announcement, Self::Idle, Self::Pages, Self::Start];

    /// Measures it.
    pub async fn run(self, bench: &Bench) -> Result<Vec<Row>> {
        match self {
            Self::Saturation => posting::saturation(bench).await,
            Self::Paced => posting::paced(bench).await,
            Self::Many => posting::many(bench).await,
            Self::Announcement => announcement::run(bench).await,
            Self::Idle => idle::run(bench).await,
            Self::Pages => large::pages(bench).await,
            Self::Start => large::start(bench).await,
        }
    }
}
