//! Where a conversation stands. Header, list and composer all follow from this one answer, so that none contradicts
//! another.

use crate::domain::{queue::Outcome, text::Name, time::Timestamp};

/// What is known of a conversation's place.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether its project is closed.
    pub project_closed: bool,
    /// `open`, `snoozed` or `closed`.
    pub status: &'static str,
    /// Until when it is set aside.
    pub snooze_until: Option<Timestamp>,
    /// Whether its entry waits or is claimed.
    pub queued: bool,
    /// Unhandled candidate messages, also where they are set aside or the project is closed.
    pub unread: i64,
    /// Whether the reader holds the claim.
    pub mine: bool,
    /// Who holds the claim.
    pub holder: Option<Name>,
    /// How the last entry ended, where nothing is unhandled; answered also by a reply that came later.
    pub outcome: Option<Outcome>,
}

/// Where a conversation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody can write in its project.
    ProjectClosed {
        /// Unhandled candidate messages.
        unread: i64,
    },
    /// Closed itself.
    Closed,
    /// Set aside.
    Snoozed {
        /// Until when; otherwise until the candidate writes.
        until: Option<Timestamp>,
        /// Unhandled candidate messages.
        unread: i64,
    },
    /// In the queue, held by nobody.
    Waiting,
    /// In the queue, held by the reader.
    Mine,
    /// In the queue, held by a colleague or a program.
    Other(Name),
    /// A reply was the last word.
    Answered,
    /// Somebody decided that no reply is needed.
    NoReplyNeeded,
    /// The candidate got the new chat link that they asked for.
    LinkMade,
    /// The candidate has not written.
    Quiet,
}

impl From<Facts> for Standing {
    fn from(facts: Facts) -> Self {
        let Facts { unread, snooze_until: until, .. } = facts;
        match (facts.status, facts.holder, facts.outcome) {
            _ if facts.project_closed => Self::ProjectClosed { unread },
            ("closed", ..) => Self::Closed,
            ("snoozed", ..) => Self::Snoozed { until, unread },
            _ if facts.queued && facts.mine => Self::Mine,
            (_, Some(holder), _) if facts.queued => Self::Other(holder),
            _ if facts.queued => Self::Waiting,
            (.., None) => Self::Quiet,
            (.., Some(Outcome::LinkMade)) => Self::LinkMade,
            (.., Some(Outcome::NoReplyNeeded | Outcome::Closed)) => Self::NoReplyNeeded,
            (.., Some(Outcome::Answered)) => Self::Answered,
        }
    }
}

impl Standing {
    /// Whether the conversation can be put in the queue again: no reply has handled it.
    #[must_use]
    pub fn can_be_put_back(&self) -> bool {
        *self == Self::NoReplyNeeded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> Name {
        Name::from_stored("Jonas Weber".to_owned())
    }

    fn facts() -> impl Iterator<Item = Facts> {
        let flags = [false, true];
        let outcomes = [None, Some(Outcome::Answered), Some(Outcome::NoReplyNeeded), Some(Outcome::Closed)];
        flags.into_iter().flat_map(move |project_closed| {
            ["open", "snoozed", "closed"].into_iter().flat_map(move |status| {
                flags.into_iter().flat_map(move |queued| {
                    [(false, None), (true, Some(name())), (false, Some(name()))].into_iter().flat_map(
                        move |(mine, holder)| {
                            outcomes.into_iter().map(move |outcome| Facts {
                                project_closed,
                                status,
                                queued,
                                mine,
                                holder: holder.clone(),
                                unread: i64::from(queued),
                                outcome,
                                snooze_until: None,
                            })
                        },
                    )
                })
            })
        })
    }

    #[test]
    fn what_is_closed_or_set_aside_is_never_shown_as_waiting_or_as_done() {
        let mut seen = 0;
        for facts in facts().filter(|facts| facts.project_closed || facts.status != "open") {
            let standing = Standing::from(facts.clone());
            let aside =
                matches!(standing, Standing::ProjectClosed { .. } | Standing::Closed | Standing::Snoozed { .. });
            assert!(aside, "{facts:?}: {standing:?}");
            seen += 1;
        }
        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn what_waits_is_never_shown_as_done() {
        let waiting = facts().filter(|facts| facts.queued && facts.status == "open" && !facts.project_closed);
        for facts in waiting {
            let standing = Standing::from(facts.clone());
            assert!(matches!(standing, Standing::Waiting | Standing::Mine | Standing::Other(_)), "{facts:?}");
        }
    }

    #[test]
    fn done_is_what_a_reply_or_a_decision_has_ended() {
        let open = Facts { status: "open", ..Facts::default() };
        let ended = |outcome| Standing::from(Facts { outcome, ..open.clone() });
        assert_eq!(ended(None), Standing::Quiet);
        assert_eq!(ended(Some(Outcome::Answered)), Standing::Answered);
        assert_eq!(ended(Some(Outcome::NoReplyNeeded)), Standing::NoReplyNeeded);
        assert_eq!(ended(Some(Outcome::LinkMade)), Standing::LinkMade);
    }
}
