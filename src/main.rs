//! The `hearback` command.

use std::process::ExitCode;

/// Many small values come and go with every message, and sockets that are idle for hours lie between them: this allocator
/// is quicker than the system's and gives back what is free, in small pages, since huge ones are hardly ever free as a whole.
/// The database engine, which is C, uses it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hearback::cli::main()
}
