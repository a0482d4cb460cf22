//! The `hearback` command.

use std::process::ExitCode;

/// Many small values come and go with every message, here and within SQLite, and sockets that are idle for hours lie
/// between them: this allocator is quicker than the system's and gives back what is free.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hearback::cli::main()
}
