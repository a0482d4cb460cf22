//! How many files and connections the process may have open at the same time.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Takes all that the system allows. Many systems give a process 1,024 unless it asks for more, for the sake of programs
/// that count descriptors in a bit field (`man 2 select`); each person who is connected takes one.
pub fn take_all() {
    let before = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: before.maximum, maximum: before.maximum };
    let limits = if setrlimit(Resource::Nofile, wanted).is_ok() { wanted } else { before };
    let in_words = |limit: Option<u64>| limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string());
    tracing::info!(before = in_words(before.current), now = in_words(limits.current), "descriptors");
}
