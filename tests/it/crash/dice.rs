//! Random numbers that a seed brings back.

/// SplitMix64.
pub struct Dice(u64);

impl Dice {
    /// By `HEARBACK_SEED`, or another each time; says which.
    pub fn by_setting() -> Self {
        let seed = std::env::var("HEARBACK_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| u64::from(uuid::Uuid::new_v4().as_fields().0));
        println!("HEARBACK_SEED={seed}");
        Self(seed)
    }

    /// The same each time.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// Another, for somebody else.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, below `end`.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// So many times out of a hundred.
    pub const fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}
