//! How often something may be done. Counts live in the process: a restart forgives, several nodes each count their own.

mod bucket;
mod knocks;
mod tally;

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use self::bucket::{Buckets, Pace};
pub use self::{knocks::Knocks, tally::Tally};
use crate::domain::{
    access::Actor,
    ids::{CandidateId, LinkId, OrganizationId, UserId},
    problem::Problem,
    user::Email,
};

/// How many sockets one address may open at once, and each how many milliseconds one more.
///
/// A whole company can stand behind one address, and after a restart all of it comes back within seconds, some clients
/// twice because they fall back to long polling: 5,000 people must never meet this. A stranger's connection that enters
/// nothing is dropped after ten seconds, so that at most this burst and 2,000 more of them are open at a time.
const CONNECTS: (u32, u64) = (10_000, 5);

/// How often one connection may show credentials that let it into nothing.
///
/// Each is a look into the database. It counts by connection and not by address, behind which a whole company may stand:
/// whoever opens another one to go on has paid more for it than the look costs, and [`CONNECTS`] counts those. A program
/// that enters many organizations over one connection is let in, and not meant.
const KNOCKS: Pace = Pace { burst: 100, pause: Duration::from_millis(200) };

/// How many wrong passwords for one account are written down one by one; of all unknown accounts together as many.
const FAILURES: Pace = Pace { burst: 20, pause: Duration::from_mins(1) };

/// How often somebody's coming in by one chat link is written down.
const OPENINGS: Pace = Pace { burst: 20, pause: Duration::from_mins(10) };

/// The limits of the outside contract.
#[derive(Debug)]
pub struct Limits {
    on: bool,
    candidate_messages: Buckets<CandidateId>,
    sign_ins: Buckets<(Email, IpAddr)>,
    sign_ins_of_address: Buckets<IpAddr>,
    link_guesses: Buckets<IpAddr>,
    connects: Buckets<IpAddr>,
    member_writes: Buckets<(OrganizationId, uuid::Uuid)>,
    candidate_requests: Buckets<CandidateId>,
    member_requests: Buckets<(OrganizationId, uuid::Uuid)>,
    /// Wrong passwords; `None` is every account that there is not.
    pub(super) failures: Tally<Option<UserId>>,
    /// Candidates who come in by a link.
    pub(super) openings: Tally<LinkId>,
}

/// Where somebody comes from, as far as it counts: whoever has one address of IPv6 usually has its whole /64.
fn side(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Limits {
    /// The limits; `on: false` turns all off, for load tests.
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self {
            on,
            // 30 a minute, 10 at once.
            candidate_messages: Buckets::new(on, 10, Duration::from_secs(2)),
            // 10 in 15 minutes.
            sign_ins: Buckets::new(on, 10, Duration::from_secs(90)),
            sign_ins_of_address: Buckets::new(on, 60, Duration::from_secs(15)),
            link_guesses: Buckets::new(on, 120, Duration::from_millis(500)),
            connects: Buckets::new(on, CONNECTS.0, Duration::from_millis(CONNECTS.1)),
            member_writes: Buckets::new(on, 3_000, Duration::from_millis(10)),
            // Far above what a person or a well-made program does, and far below what the store can bear.
            candidate_requests: Buckets::new(on, 4_000, Duration::from_millis(20)),
            member_requests: Buckets::new(on, 10_000, Duration::from_millis(2)),
            failures: Tally::new(FAILURES),
            openings: Tally::new(OPENINGS),
        }
    }

    /// A candidate posts.
    ///
    /// # Errors
    /// `rate_limited` over 30 a minute or 10 at once.
    pub fn candidate_posts(&self, candidate: CandidateId) -> Result<(), Problem> {
        self.candidate_messages.take(&candidate)
    }

    /// A user or program writes.
    ///
    /// # Errors
    /// `rate_limited` over 100 a second for long or 3,000 at once.
    pub fn member_writes(&self, organization: OrganizationId, member: uuid::Uuid) -> Result<(), Problem> {
        self.member_writes.take(&(organization, member))
    }

    /// Somebody changes what the team works with; a candidate has nothing there that could be changed.
    ///
    /// # Errors
    /// As [`Limits::member_writes`].
    pub fn changes(&self, actor: &Actor) -> Result<(), Problem> {
        match actor {
            Actor::Member(member) => self.member_writes(member.organization, member.id()),
            Actor::Candidate(_) => Ok(()),
        }
    }

    /// Somebody asks for anything, by whichever door.
    ///
    /// # Errors
    /// `rate_limited` for candidates over 50 a second for long or 4,000 at once, for members and programs over 500 and 10,000.
    pub fn asks(&self, actor: &Actor) -> Result<(), Problem> {
        match actor {
            Actor::Candidate(candidate) => self.candidate_requests.take(&candidate.id),
            Actor::Member(member) => self.member_requests.take(&(member.organization, member.id())),
        }
    }

    /// Somebody shows a password. It counts as a failure until [`Limits::signed_in`] says otherwise, so that many tries
    /// at the same moment are no way around.
    ///
    /// # Errors
    /// `rate_limited` over 10 failures in 15 minutes for one account from one address, or many for an address.
    pub fn sign_in(&self, email: &Email, address: IpAddr) -> Result<(), Problem> {
        let side = side(address);
        self.sign_ins_of_address.take(&side)?;
        self.sign_ins.take(&(email.clone(), side))
    }

    /// The password was the right one: the try does not count.
    pub fn signed_in(&self, email: &Email, address: IpAddr) {
        let side = side(address);
        self.sign_ins_of_address.give_back(&side);
        self.sign_ins.give_back(&(email.clone(), side));
    }

    /// Somebody has shown the secret of a chat link or a one-time address, and it is none of ours.
    ///
    /// # Errors
    /// `rate_limited` for an address that guesses many.
    pub fn guesses_link(&self, address: IpAddr) -> Result<(), Problem> {
        self.link_guesses.take(&side(address))
    }

    /// A socket connects.
    ///
    /// # Errors
    /// `rate_limited` for an address that connects very often.
    pub fn connects(&self, address: IpAddr) -> Result<(), Problem> {
        self.connects.take(&side(address))
    }

    /// What a connection that begins may try.
    pub fn knocks(&self) -> Knocks {
        Knocks::new(self.on.then_some(KNOCKS))
    }

    /// Forgets keys that are at rest, so that strangers fill no memory; to be called every minute.
    pub fn forget_idle(&self) {
        self.candidate_messages.forget_idle();
        self.sign_ins.forget_idle();
        self.sign_ins_of_address.forget_idle();
        self.link_guesses.forget_idle();
        self.connects.forget_idle();
        self.member_writes.forget_idle();
        self.candidate_requests.forget_idle();
        self.member_requests.forget_idle();
        self.failures.forget_idle();
        self.openings.forget_idle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn email() -> Email {
        Email::parse("email", "ada@example.org").unwrap()
    }

    #[test]
    fn the_eleventh_wrong_password_waits_and_right_ones_do_not_count() {
        let (limits, email, from) = (Limits::new(true), email(), address("192.0.2.1"));
        for _ in 0..100 {
            limits.sign_in(&email, from).unwrap();
            limits.signed_in(&email, from);
        }
        for _ in 0..10 {
            limits.sign_in(&email, from).unwrap();
        }
        let refused = limits.sign_in(&email, from).expect_err("the eleventh");
        let wait = refused.retry_after.unwrap();
        assert!(wait > Duration::from_secs(80) && wait <= Duration::from_secs(90), "{wait:?}");
        limits.sign_in(&email, address("192.0.2.2")).expect("the owner of the account, from elsewhere");
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let (limits, email) = (Limits::new(true), email());
        for host in 1..=10 {
            limits.sign_in(&email, address(&format!("2001:db8::{host:x}"))).unwrap();
        }
        limits.sign_in(&email, address("2001:db8::ffff:1")).expect_err("the same network");
        limits.sign_in(&email, address("2001:db8:0:1::1")).expect("another network");
        for _ in 0..10 {
            limits.sign_in(&email, address("::ffff:192.0.2.9")).unwrap();
        }
        limits.sign_in(&email, address("192.0.2.9")).expect_err("the same address in its other form");
    }

    #[test]
    fn five_thousand_people_behind_one_address_come_back_at_once_and_a_flood_does_not() {
        let (limits, office) = (Limits::new(true), address("198.51.100.7"));
        for _ in 0..2 * 5_000 {
            limits.connects(office).unwrap();
        }
        let flood = (0..1_000_000).position(|_| limits.connects(office).is_err());
        assert!(flood.is_some(), "a flood");
    }
}
