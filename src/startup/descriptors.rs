//! How many files and connections the process may have open at the same time.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Takes all that the system allows, and tells how many that is. Many systems give a process 1,024 unless it asks for
/// more, for the sake of programs that count descriptors in a bit field (`man 2 select`); each person who is connected
/// takes one.
pub fn take_all() -> String {
    let before = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: before.maximum, maximum: before.maximum };
    let taken = if setrlimit(Resource::Nofile, wanted).is_ok() { wanted } else { before };
    taken.current.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string())
}
