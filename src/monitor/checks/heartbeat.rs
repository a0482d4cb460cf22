//! Whether this server's heartbeats come back, and how fast.

use super::Found;
use crate::{
    domain::{
        health::{CheckId, Reading, Status, Subject},
        heartbeat::{self, Beat, Stage},
    },
    monitor::{Monitor, heartbeat::seconds, lock},
};

const SLOW: f64 = heartbeat::SLOW.as_secs_f64();
const BROKEN: f64 = heartbeat::BROKEN.as_secs_f64();

/// The slower of the last two, one of each priority; before the first has ended nothing is known.
pub(super) fn round_trip(monitor: &Monitor) -> Found {
    let silent = monitor.heart_is_silent();
    let last: Vec<Beat> = lock(&monitor.pulses).last.values().cloned().collect();
    if last.is_empty() && !silent {
        return Found::Nothing;
    }
    let (status, value, sentence, remedy) = judged(&last, silent);
    Found::from(Reading {
        check: CheckId::Heartbeat,
        subject: Subject::Node(monitor.watch.node.clone()),
        status,
        value,
        unit: "s",
        warns_at: SLOW,
        fails_at: Some(BROKEN),
        sentence,
        remedy,
    })
}

fn judged(last: &[Beat], silent: bool) -> (Status, Option<f64>, String, &'static str) {
    if silent {
        let sentence = "No heartbeat has been sent for a while: the server hangs.".to_owned();
        return (Status::Fail, None, sentence, "Look at the server's log and at its processor, and start it anew.");
    }
    if let Some(stage) = last.iter().find_map(|beat| beat.failed) {
        let (sentence, remedy) = stuck_at(stage);
        return (Status::Fail, None, sentence.to_owned(), remedy);
    }
    let slowest = last.iter().filter_map(|beat| beat.total_us).max().map(seconds);
    match slowest {
        Some(took) if took > SLOW => {
            let status = if took > BROKEN { Status::Fail } else { Status::Warn };
            let sentence = format!("A message takes {took:.1} seconds from the candidate to the team.");
            (status, slowest, sentence, "The heartbeat's stages on the operators' page show where the time goes.")
        }
        _ => (Status::Pass, slowest, "Messages go all the way from the candidate to the team.".to_owned(), ""),
    }
}

fn stuck_at(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Connect => (
            "The server cannot reach its own address, so nothing may arrive live.",
            "Look whether it still takes connections (descriptors, processor), and start it anew.",
        ),
        Stage::Post => (
            "A test message could not be written, so candidates cannot send either.",
            "Look at the database check; the log names the fault.",
        ),
        Stage::Claim => (
            "A test message was written and did not come up in the queue.",
            "Look at the log; recruiters may not see what waits. Tell them to look at the list of all conversations.",
        ),
        Stage::Resolve => (
            "A test message could not be marked as handled.",
            "Look at the log; recruiters may not be able to finish what they answer.",
        ),
        Stage::FanOut => (
            "A test message was written and not delivered live.",
            "Look at the log and start the server anew; until then people see new messages by loading their page again.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Clock, domain::queue::Priority};

    fn beat(total: Option<f64>, failed: Option<Stage>) -> Beat {
        let clock = Clock::system();
        #[expect(clippy::cast_possible_truncation, reason = "some seconds")]
        let total_us = total.map(|seconds| (seconds * 1e6) as i64);
        let (id, began_at) = (clock.new_id(), clock.now());
        let stages_us = [None; Stage::ALL.len()];
        Beat { id, node: "here".to_owned(), priority: Priority::Normal, began_at, stages_us, total_us, failed }
    }

    #[test]
    fn above_three_seconds_it_warns_and_above_six_it_fails() {
        let status = |seconds| judged(&[beat(Some(0.01), None), beat(Some(seconds), None)], false).0;
        assert_eq!(
            [0.5, 2.9, 3.1, 5.9, 6.1].map(status),
            [Status::Pass, Status::Pass, Status::Warn, Status::Warn, Status::Fail]
        );
        assert_eq!(judged(&[beat(Some(0.01), None)], true).0, Status::Fail);
    }

    #[test]
    fn one_that_gets_stuck_fails_and_tells_where() {
        let told: std::collections::HashSet<String> = Stage::ALL
            .map(|stage| {
                let (status, _, sentence, remedy) = judged(&[beat(Some(0.01), None), beat(None, Some(stage))], false);
                assert_eq!((status, remedy.is_empty()), (Status::Fail, false));
                sentence
            })
            .into();
        assert_eq!(told.len(), Stage::ALL.len(), "each in words of its own");
    }
}
