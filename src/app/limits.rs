//! How often something may be done. Counts live in the process: a restart forgives, several nodes each count their own.

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DefaultKeyedStateStore,
};

use crate::domain::{
    ids::{CandidateId, OrganizationId},
    problem::Problem,
    user::Email,
};

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// One limit for each key; off where limits are off.
#[derive(Debug)]
struct Limit<K: Hash + Eq + Clone>(Option<Keyed<K>>);

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(on: bool, quota: Quota) -> Self {
        Self(on.then(|| RateLimiter::keyed(quota)))
    }

    fn check(&self, key: &K) -> Result<(), Problem> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(limiter.clock().now());
            Problem::rate_limited(wait.max(Duration::from_millis(1)))
        })
    }

    fn forget_idle(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
        }
    }
}

/// The limits of the outside contract.
#[derive(Debug)]
pub struct Limits {
    candidate_messages: Limit<CandidateId>,
    sign_ins: Limit<(Email, IpAddr)>,
    sign_ins_of_address: Limit<IpAddr>,
    link_looks: Limit<IpAddr>,
    connects: Limit<IpAddr>,
    member_writes: Limit<(OrganizationId, uuid::Uuid)>,
}

const fn at_least_one(count: u32) -> NonZeroU32 {
    match NonZeroU32::new(count) {
        Some(count) => count,
        None => NonZeroU32::MIN,
    }
}

impl Limits {
    /// The limits; `on: false` turns all off, for load tests.
    #[must_use]
    pub fn new(on: bool) -> Self {
        let burst = |count, every| {
            Quota::with_period(every)
                .map_or_else(|| Quota::per_second(at_least_one(count)), |quota| quota.allow_burst(at_least_one(count)))
        };
        Self {
            // 30 a minute, 10 at once.
            candidate_messages: Limit::new(on, burst(10, Duration::from_secs(2))),
            // 10 in 15 minutes.
            sign_ins: Limit::new(on, burst(10, Duration::from_secs(90))),
            sign_ins_of_address: Limit::new(on, burst(60, Duration::from_secs(15))),
            link_looks: Limit::new(on, burst(120, Duration::from_millis(500))),
            connects: Limit::new(on, burst(600, Duration::from_millis(50))),
            member_writes: Limit::new(on, burst(3_000, Duration::from_millis(10))),
        }
    }

    /// A candidate posts.
    ///
    /// # Errors
    /// `rate_limited` over 30 a minute or 10 at once.
    pub fn candidate_posts(&self, candidate: CandidateId) -> Result<(), Problem> {
        self.candidate_messages.check(&candidate)
    }

    /// A user or program writes.
    ///
    /// # Errors
    /// `rate_limited` over 100 a second for long or 3,000 at once.
    pub fn member_writes(&self, organization: OrganizationId, member: uuid::Uuid) -> Result<(), Problem> {
        self.member_writes.check(&(organization, member))
    }

    /// Somebody tries to sign in. Successful ones count too: nobody signs in ten times in a quarter of an hour.
    ///
    /// # Errors
    /// `rate_limited` over 10 in 15 minutes for one account from one address.
    pub fn sign_in(&self, email: &Email, address: IpAddr) -> Result<(), Problem> {
        self.sign_ins_of_address.check(&address)?;
        self.sign_ins.check(&(email.clone(), address))
    }

    /// Somebody opens a chat link or a one-time address.
    ///
    /// # Errors
    /// `rate_limited` for an address that tries many.
    pub fn looks_at_link(&self, address: IpAddr) -> Result<(), Problem> {
        self.link_looks.check(&address)
    }

    /// A socket connects.
    ///
    /// # Errors
    /// `rate_limited` for an address that connects very often.
    pub fn connects(&self, address: IpAddr) -> Result<(), Problem> {
        self.connects.check(&address)
    }

    /// Forgets keys that are at rest, so that strangers fill no memory; to be called every minute.
    pub fn forget_idle(&self) {
        self.candidate_messages.forget_idle();
        self.sign_ins.forget_idle();
        self.sign_ins_of_address.forget_idle();
        self.link_looks.forget_idle();
        self.connects.forget_idle();
        self.member_writes.forget_idle();
    }
}
