//! What happens on a random day.

use hearback::domain::queue::Priority;
use proptest::prelude::*;

/// Conversations in one day.
pub const TALKS: usize = 4;
/// Who works: the recruiter, the colleague, the program.
pub const ACTORS: usize = 3;

/// Something that happens; numbers name the conversation and the actor.
#[derive(Clone, Debug)]
pub enum Step {
    Write(usize),
    Next(usize),
    Claim(usize, usize, bool),
    Renew(usize, usize),
    Release(usize, usize),
    Resolve(usize, usize, bool),
    /// Having seen all but so many; with a lease; taking over.
    Answer(usize, usize, usize, bool, bool),
    Snooze(usize, usize, i64),
    Close(usize, usize),
    Prioritize(usize, Priority),
    Pass(i64),
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    use Step::{Answer, Claim, Close, Next, Pass, Prioritize, Release, Renew, Resolve, Snooze, Write};
    let (t, a) = (0..TALKS, 0..ACTORS);
    let priority = prop_oneof![Just(Priority::Urgent), Just(Priority::Normal), Just(Priority::Low)];
    let step = prop_oneof![
        6 => t.clone().prop_map(Write),
        4 => a.clone().prop_map(Next),
        3 => (t.clone(), a.clone(), any::<bool>()).prop_map(|(t, a, over)| Claim(t, a, over)),
        2 => (t.clone(), a.clone()).prop_map(|(t, a)| Renew(t, a)),
        2 => (t.clone(), a.clone()).prop_map(|(t, a)| Release(t, a)),
        2 => (t.clone(), a.clone(), any::<bool>()).prop_map(|(t, a, lease)| Resolve(t, a, lease)),
        5 => (t.clone(), a.clone(), 0..3_usize, any::<bool>(), any::<bool>())
            .prop_map(|(t, a, unseen, lease, over)| Answer(t, a, unseen, lease, over)),
        2 => (t.clone(), a.clone(), 1..200_i64).prop_map(|(t, a, seconds)| Snooze(t, a, seconds)),
        1 => (t.clone(), a).prop_map(|(t, a)| Close(t, a)),
        2 => (t, priority).prop_map(|(t, priority)| Prioritize(t, priority)),
        4 => (0..130_i64).prop_map(Pass),
    ];
    prop::collection::vec(step, 1..60)
}
