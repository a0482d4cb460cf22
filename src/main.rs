//! The `hearback` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    hearback::cli::main()
}
